/* 签名检查: recomputes a signature in this browser and says which of id, time, body and secret does not fit. Nothing that is
   typed here leaves the page: there is no form, no field has a name, and the only request asks the platform for its time. */
(function () {
  "use strict";
  const tool = document.querySelector("[data-signature]");
  if (!tool || !window.crypto || !window.crypto.subtle) return;
  const field = (name) => tool.querySelector("#check-" + name);
  const list = tool.querySelector("[data-result]");
  const text = new TextEncoder();
  const tolerance = Number(tool.dataset.tolerance);

  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (one) => one.toString(16).padStart(2, "0")).join("");
  const sha256 = async (content) => hex(await crypto.subtle.digest("SHA-256", content));

  function keyOf(secret) {
    try {
      return Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (one) => one.charCodeAt(0));
    } catch (error) {
      return null;
    }
  }

  async function mac(key, content) {
    const how = { name: "HMAC", hash: "SHA-256" };
    const made = await crypto.subtle.importKey("raw", key, how, false, ["sign"]);
    return crypto.subtle.sign("HMAC", made, text.encode(content));
  }

  async function platformTime() {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
    return Math.floor(Date.parse(answer.headers.get("Date")) / 1000);
  }

  function checkId(id) {
    if (!id) return [false, "请填写 webhook-id。"];
    if (/^[\x21-\x7e]{1,128}$/.test(id)) return [true, "格式正确，" + id.length + " 个字符。"];
    return [false, "须为 1 至 128 个 ASCII 字符，不含空格和汉字。"];
  }

  function checkTime(stamp, now) {
    if (!/^\d{1,12}$/.test(stamp)) {
      return [false, /^\d{13}$/.test(stamp) ? "这是毫秒，须除以 1000 取整，写成 Unix 秒。" : "须为 Unix 秒，只有数字，如 " + now + "。"];
    }
    const apart = Number(stamp) - now;
    if (Math.abs(apart) <= tolerance) return [true, "与平台时间相差 " + apart + " 秒。"];
    const words = "与平台时间相差 " + apart + " 秒，超过 " + tolerance + " 秒。";
    return [false, words + "平台现在是 " + now + "。检查旧消息可以不理会这一项；正在调试的，请校准服务器时间，每次发送都取当时的时间。"];
  }

  function checkSecret(secret, key) {
    if (!secret) return [false, "请填写密钥。"];
    if (!secret.startsWith("whsec_")) return [false, "须以 whsec_ 开头，请整段复制，前后不留空格。"];
    if (!key) return [false, "whsec_ 之后须为 Base64，可能漏了字符或多了空格。"];
    if (key.length !== 32) return [false, "解码后是 " + key.length + " 个字节，应为 32 个，可能没有复制完整。"];
    return [true, "格式正确，解码后 32 个字节。"];
  }

  function rewritten(body) {
    try {
      const value = JSON.parse(body);
      return [JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value, null, 4)];
    } catch (error) {
      return [];
    }
  }

  /* Mistakes that others made: which key and which content, and what it says about the program. */
  function mistakes(id, stamp, body, secret, key) {
    const content = id + "." + stamp + "." + body;
    const spaced = rewritten(body).map((other) => [key, id + "." + stamp + "." + other,
      "正文：签名的是重新排版过的 JSON。请先生成正文的字节，签名和发送用同一份。"]);
    return [
      [text.encode(secret), content, "密钥：把 whsec_… 整段当作密钥了。请去掉 whsec_ 再做 Base64 解码。"],
      [text.encode(secret.replace(/^whsec_/, "")), content, "密钥：没有做 Base64 解码。"],
      [key, body, "编号和时间：只签了正文。签名的内容是 编号.时间.正文。"],
      [key, stamp + "." + body, "编号：签名的内容里没有编号。"],
      [key, id + "." + body, "时间：签名的内容里没有时间。"],
      [key, stamp + "." + id + "." + body, "编号和时间的次序反了，应为 编号.时间.正文。"],
      [key, id + stamp + body, "编号、时间、正文之间少了英文句点。"],
      [key, id + "." + stamp + ".", "正文：签名的正文是空的（只有 GET 才是空的）。"],
      [key, content + "\n", "正文：签名时末尾多了一个换行。"],
      [key, content.replace(/\n/g, "\r\n"), "正文：换行是 CRLF，与这里填写的不同；请按字节核对。"],
      [key, id + "." + stamp + "000." + body, "时间：签名时用了毫秒。"],
    ].concat(spaced);
  }

  async function checkSignature(given, id, stamp, body, secret, key) {
    const made = await mac(key, id + "." + stamp + "." + body);
    const right = "v1," + base64(made);
    const entries = given.split(" ").filter(Boolean);
    if (!entries.length) return [null, "没有填写签名。按左边各项应为 ", right];
    if (entries.includes(right)) return [true, "签名与编号、时间、正文、密钥相符。", ""];
    if (entries.some((one) => one.startsWith("v1sm3,"))) return [null, "v1sm3（HMAC-SM3）不能在浏览器里核对。按 v1 应为 ", right];
    if (entries.includes(base64(made))) return [false, "缺少开头的 v1,。应为 ", right];
    if (entries.some((one) => one.includes(hex(made)))) return [false, "签名写成了十六进制，须为 Base64。应为 ", right];
    for (const [other, content, words] of mistakes(id, stamp, body, secret, key)) {
      if (entries.includes("v1," + base64(await mac(other, content)))) return [false, words + " 应为 ", right];
    }
    return [false, "不相符，也不是常见的几种写法。请逐项核对密钥的尾号、正文的字节数和 SHA-256。按填写的各项应为 ", right];
  }

  function show(name, result) {
    const item = document.createElement("li");
    const mark = document.createElement("b");
    const [fits, words, value] = result;
    item.className = fits === null ? "" : fits ? "ok" : "bad";
    mark.textContent = name + (fits === null ? "" : fits ? " ✓" : " ✗");
    item.append(mark, words);
    if (value) {
      const code = document.createElement("code");
      code.textContent = value;
      item.append(code);
    }
    list.append(item);
  }

  async function check() {
    const [id, stamp, secret, given] = ["id", "time", "secret", "given"].map((name) => field(name).value.trim());
    const body = field("body").value;
    const key = keyOf(secret);
    const bytes = text.encode(body);
    const now = await platformTime();
    const digest = await sha256(bytes);
    list.textContent = "";
    show("编号", checkId(id));
    show("时间", checkTime(stamp, now));
    show("正文", [null, bytes.length + " 个字节（UTF-8），SHA-256 为 ", digest]);
    show("密钥", checkSecret(secret, key));
    if (key && key.length) show("签名", await checkSignature(given, id, stamp, body, secret, key));
    list.parentElement.hidden = false;
    list.parentElement.focus();
  }

  async function fill() {
    const example = tool.dataset;
    const now = String(await platformTime());
    field("id").value = example.id;
    field("time").value = now;
    field("secret").value = example.secret;
    field("body").value = example.body;
    const made = await mac(keyOf(example.secret), example.id + "." + now + "." + example.body);
    field("given").value = "v1," + base64(made);
    check();
  }

  tool.querySelector("[data-check]").addEventListener("click", check);
  tool.querySelector("[data-example]").addEventListener("click", fill);
  tool.querySelectorAll("button").forEach((button) => { button.disabled = false; });
})();
