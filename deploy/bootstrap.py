"""Makes the virtual environment .venv with exactly the locked packages; does nothing when they are there already.

    python3 deploy/bootstrap.py          what the platform needs to run
    python3 deploy/bootstrap.py --dev    and what its tests and checks need

Runs before anything is installed and on any Python 3, so that an old one gets a sentence instead of a traceback.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")
RUN, DEV, INSTALLER = "requirements.txt", "requirements-dev.txt", "deploy/uv.txt"


def say(text):
    print(text)
    sys.stdout.flush()


def use_a_new_enough_python():
    """Go on under another interpreter of this machine when this one is too old; say so when there is none."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(15, OLDEST[1] - 1, -1):
        newer = shutil.which("python3.{}".format(minor))
        # A version manager leaves a command behind for versions that it cannot start.
        if newer and subprocess.call([newer, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(newer, [newer] + sys.argv)
    found = "{}.{}.{}".format(*sys.version_info[:3])
    say("需要 Python 3.11 或更新的版本，当前是 {}（{}）。".format(found, sys.executable))
    say(
        "Python 3.11 or newer is needed, this is {}. Another one: make run PYTHON=/path/to/python3.12".format(
            found
        )
    )
    sys.exit(2)


def digest(name):
    with open(os.path.join(ROOT, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def wanted(names):
    """What the stamp must say: each requirements file by content, and the interpreter that the folder was made with."""
    return dict({name: digest(name) for name in names}, python="{}.{}".format(*sys.version_info[:2]))


def installed():
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def usable(version):
    """Whether .venv starts, with that version of Python: an upgraded or moved one leaves a dead folder behind."""
    show = "import pip, sys; print('{}.{}'.format(*sys.version_info[:2]))"
    try:
        return (
            subprocess.check_output([PYTHON, "-c", show], stderr=subprocess.DEVNULL).decode().strip()
            == version
        )
    except (OSError, subprocess.CalledProcessError):
        return False


def make_folder():
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        if os.geteuid() or not shutil.which("apt-get"):
            say("缺少系统软件包 {0}，请先安装：apt-get install {0}".format(package))
            sys.exit(2)
        subprocess.check_call(["apt-get", "update", "-q"])
        subprocess.check_call(["apt-get", "install", "-y", "-q", "--no-install-recommends", package])
    # The interpreter itself, not whatever sits around it: making the folder from inside another one is fine.
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])


def clean_environment():
    """The environment without settings of pip and uv that would install to another place."""
    unwanted = (
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_USER",
        "PIP_ROOT",
        "PYTHONHOME",
        "PYTHONPATH",
        "UV_PYTHON",
        "UV_TARGET",
    )
    return dict({name: value for name, value in os.environ.items() if name not in unwanted}, VIRTUAL_ENV=VENV)


def install(names):
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--require-hashes"]
    uv = [PYTHON, "-m", "uv", "pip", "sync", "-q", "--require-hashes", "--python", PYTHON]
    environment = clean_environment()

    def run(command):
        return subprocess.call(command, cwd=ROOT, env=environment) == 0

    if run(pip + ["-r", INSTALLER]) and run(uv + names):
        return
    say("改用 pip 安装 · uv did not do it, pip takes over")
    if not run(pip + [part for name in names for part in ("-r", name)]):
        say("软件包安装失败，请检查网络后重试。 · The packages could not be installed; see above.")
        sys.exit(1)


def main():
    use_a_new_enough_python()
    stamp = installed()
    # Once the tests' packages are there they stay: a later `make run` must not throw them out.
    names = [RUN, DEV] if "--dev" in sys.argv or DEV in stamp else [RUN]
    target = wanted(names)
    if stamp == target and os.path.exists(PYTHON):
        return
    say("正在安装软件包，第一次约需一分钟 · installing packages into .venv")
    if not usable(target["python"]):
        make_folder()
    if os.path.exists(STAMP):
        os.remove(STAMP)
    install(names)
    with open(STAMP, "w") as file:
        json.dump(target, file)


if __name__ == "__main__":
    main()
