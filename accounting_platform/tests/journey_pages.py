"""The pages of the main journey, each as a person uses it; `journey` is the Journey of that person."""

import re

from playwright.sync_api import expect

# --- before the log-in


def start_from_home(journey):
    journey.page.goto(journey.stack.base_url)
    journey.arrive("home", "信息采集、继续教育")
    journey.menu("信息采集")


def tell_targets(journey):
    journey.arrive("targets", "信息采集对象")
    for question in ("是否在广东省内（除深圳）从事会计工作", "是否持有会计专业技术资格证书"):
        journey.page.get_by_role("group", name=question).get_by_label("是", exact=True).check()
    journey.press("下一步")
    journey.arrive("ready", "您需要办理信息采集")
    journey.follow("用户注册", journey.page.locator("main"))


def register(journey, person):
    journey.arrive("register", "用户注册")
    journey.answers(姓名=person.name, 证件类型="居民身份证", 证件号码=person.document_number)
    journey.answers(密码=person.password, 确认密码=person.password, 手机号码=person.phone)
    with journey.staying():
        journey.press("获取短信验证码")
        expect(journey.page.get_by_text("验证码已发送至")).to_be_visible()
    journey.answer("短信验证码", code_received(journey, person.phone))
    journey.page.get_by_label("我已阅读《敏感个人信息处理告知书》").check()
    journey.look("register-filled")
    journey.press("注册")


def code_received(journey, phone):
    """The code out of the text message, which a worker sends."""
    for _attempt in range(100):
        if lines := journey.stack.sms_lines(to=phone):
            return re.search(r"\d{6}", lines[-1]["text"])[0]
        journey.page.wait_for_timeout(100)
    raise AssertionError("no text message came")


def log_in(journey, person):
    journey.arrive("login", "登录")
    expect(journey.page.get_by_text("注册成功")).to_be_visible()
    expect(journey.page.get_by_label("证件号码")).to_have_value(person.document_number)
    journey.answer("密码", person.password)
    journey.press("登录", journey.page.locator("main"))


# --- the eight steps


def read_notice(journey):
    journey.arrive("status-before", "采集状态")
    journey.follow("开始信息采集")
    journey.arrive("notice", "阅读采集须知")
    journey.page.get_by_label("我承诺填写信息的真实性").check()
    journey.press("下一步")


def fill_personal(journey, photographs):
    """Answers and pictures; `photographs` are files by the titles of their places. Returns each one's size as kept."""
    journey.arrive("personal", "填写个人信息")
    journey.answers(民族="汉族", 政治面貌="群众", 电子邮箱="tester@example.com")
    with journey.staying():
        for title, file in photographs.items():
            send_photograph(journey, title, file)
    journey.look("personal-filled")
    shapes = {title: shape_of(journey, title) for title in photographs}
    journey.press("下一步")
    return shapes


def place_of(journey, title):
    return journey.page.get_by_role("region", name=title, exact=True)


def send_photograph(journey, title, file):
    """Choose a file, lay a portrait into its frame, see it go up and become 已上传 while the page stays."""
    place = place_of(journey, title)
    with journey.page.expect_file_chooser() as chooser:
        place.get_by_role("button", name=re.compile("^(从相册选|选择照片)")).click()
    chooser.value.set_files(file)
    if title.endswith("头像"):
        place.get_by_role("button", name="用这张", exact=True).click()
    expect(place.get_by_text("已上传", exact=True)).to_be_visible(timeout=20_000)


def shape_of(journey, title):
    """Width and height of a picture as it was kept; the page has to show it in these proportions."""
    picture = place_of(journey, title).get_by_role("img", name=f"您上传的{title}")
    picture.scroll_into_view_if_needed()
    picture.evaluate("picture => picture.decode()")
    width, height = picture.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]")
    shown = picture.bounding_box()
    if abs(shown["width"] / shown["height"] - width / height) > 0.05:
        journey.findings.append(f"{title} is shown as {shown['width']:.0f} by {shown['height']:.0f}")
    return [width, height]


def fill_education(journey):
    journey.arrive("education", "填写学历信息")
    row = journey.page.get_by_role("group", name="全日制教育 1")
    journey.answers(row, 学历="本科", 学位="管理学学士学位", 毕业院校="广东某某财经大学", 所学专业="会计学")
    journey.answers(row, 入学时间="2004-09", 毕业时间="2008-06")
    journey.look("education-filled")
    journey.press("下一步")


def fill_work(journey):
    """会计工作岗位; the division by three selects, an employer that nobody typed before."""
    page = journey.page
    journey.arrive("work", "填写工作信息")
    with journey.staying():
        page.get_by_label("会计工作岗位", exact=True).check()
        expect(page.get_by_label(re.compile("会计行政职务"))).to_be_visible()
    area = page.get_by_role("group", name="行政区划")
    expect(area.get_by_label("省", exact=True)).to_have_value("440000")
    area.get_by_label("市", exact=True).select_option(label="广州市")
    area.get_by_label("县（市、区）", exact=True).select_option(label="天河区")
    journey.answers(从事会计工作岗位="会计监督", 会计行政职务="一般会计人员", 开始从事会计工作时间="2009-03")
    journey.answers(会计专业技术职务="会计师", 会计专业技术职务聘任时间="2016-11", 从事会计工作年限="17")
    journey.answers(工作单位名称="广州市示范纸品有限公司", 统一社会信用代码="91440101MA00000156")
    journey.answers(单位电话="020-83330000", 工作单位所属行业="造纸和纸制品业")
    journey.answers(工作单位经济类型="私营有限责任（公司）", 单位地址="广州市天河区示范路 18 号")
    journey.look("work-filled")
    journey.press("下一步")


def fill_professional(journey):
    """The four questions and two qualifications, the second one by 新增."""
    page = journey.page
    journey.arrive("professional", "填写专业技术信息")
    for question in ("是否是注册会计", "是否是税务师", "是否是资产评估"):
        page.get_by_role("group", name=question).get_by_label("否", exact=True).check()
    rows = page.get_by_role("group", name=re.compile("^专业技术资格信息 "))
    for number, (level, method) in enumerate((("中级", "考试"), ("初级", "考试"))):
        journey.press("新增专业技术资格")
        expect(rows).to_have_count(number + 1)
        row = rows.nth(number)
        journey.answers(row, 专业技术资格类型="会计类", 专业技术资格级别=level, 专业技术资格取得方式=method)
    journey.look("professional-filled")
    journey.press("下一步")


def fill_awards(journey):
    journey.arrive("awards", "填写奖励信息")
    journey.press("新增奖励")
    journey.answers(奖励名称="先进会计工作者", 奖励级别="地市级")
    journey.look("awards-filled")
    journey.press("下一步")


def check_and_submit(journey, person):
    """The check page with every answer; returns the archive number."""
    journey.arrive("review", "检查并提交")
    main = journey.page.locator("main")
    for words in (
        person.name,
        "广东某某财经大学",
        "广东省广州市天河区",
        "广州市示范纸品有限公司",
        "先进会计工作者",
    ):
        expect(main).to_contain_text(words)
    journey.page.get_by_label("我承诺填写信息的真实性").check()
    journey.press("提交")
    journey.arrive("status-after", "采集状态")
    expect(journey.page.get_by_text("您已完成信息采集")).to_be_visible()
    number = re.search(r"4401-\d{4}-\d{7}", main.inner_text())[0]
    journey.follow("查看会计人员信息档案")
    journey.arrive("archive", "会计人员信息档案")
    expect(main).to_contain_text(number)
    return number


# --- continuing education


def choose_course(journey):
    """学习资源, 专业课, and over the page between to the school."""
    page = journey.page
    journey.menu("继续教育")
    journey.arrive("catalogue", "学习资源")
    journey.follow("专业课")
    expect(page.get_by_role("link", name="专业课", exact=True)).to_have_attribute("aria-current", "page")
    journey.look("catalogue-professional")
    row = page.get_by_role("listitem").filter(has_text="珠江财会云课堂")
    row.get_by_role("link", name=re.compile("^去学习")).click()
    journey.arrive("leave", "您将离开本平台")
    journey.press("去学习")
    journey.arrive("school", "企业会计准则与财务分析")


def enrol_at_school(journey):
    journey.press("报名")
    expect(journey.page.get_by_role("heading", name="学习中")).to_be_visible()
    journey.look("school-enrolled")
    journey.follow("先返回平台")


def see_study(journey, state):
    """我的学习 shows the one course with its state."""
    journey.arrive(f"my-{'done' if state == '已完成' else 'open'}", "我的学习")
    row = journey.page.get_by_role("listitem").filter(has_text="珠江财会云课堂")
    expect(row.get_by_text(state, exact=True)).to_be_visible()
    return row


def see_lock(journey):
    """信息变更 tells why the division cannot be changed now, and its form does not offer it."""
    page = journey.page
    journey.menu("信息变更")
    journey.arrive("changes-locked", "信息变更")
    expect(page.get_by_text("还有 1 门课未学完，暂时不能改行政区划")).to_be_visible()
    page.locator("#work").get_by_role("link", name=re.compile("^变更信息")).click()
    journey.arrive("changes-work-locked", "变更工作信息")
    expect(page.get_by_role("group", name="行政区划").get_by_role("combobox")).to_have_count(0)
    expect(page.get_by_text("珠江财会云课堂")).to_be_visible()


def finish_at_school(journey):
    """From 我的学习 back to the school; 完成学习 there."""
    journey.menu("我的学习")
    row = journey.page.get_by_role("listitem").filter(has_text="珠江财会云课堂")
    row.get_by_role("button", name=re.compile("^去学习")).click()
    journey.arrive("school-again", "企业会计准则与财务分析")
    journey.press("完成学习")
    expect(journey.page.get_by_role("heading", name="已学完")).to_be_visible()
    journey.look("school-finished")
    journey.follow("返回平台查看学分")
