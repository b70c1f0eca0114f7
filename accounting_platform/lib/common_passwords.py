"""Passwords an attacker tries first, described by how they are built instead of by a list.

Leaked lists which also fit the platform's rule (four classes of characters) are nearly all made in one of a few ways:
a known word or keyboard run, a known row of digits, one or two signs. The tables below, put together in the SHAPES,
stand for millions of such passwords, the usual top 3,000 among them, in a few kilobytes.
"""

import re
from functools import cache

KEYBOARD_RUNS = """
    qwer qwert qwerty qwertyu qwertyui qwertyuiop asdf asdfg asdfgh asdfghj asdfghjkl zxcv zxcvb zxcvbn zxcvbnm
    qaz wsx edc rfv qazwsx qazwsxedc wsxedc qwe asd zxc qweasd asdzxc qweasdzxc qweqwe asdasd zxczxc poiuy lkjh mnbvcxz
    a aa aaa aaaa ab abc abcd abcde abcdef abcdefg abcdefgh abcabc aabb aabbcc abab xyz q qq qqq w ww www z zz zzz x xx s ss
""".split()
WORDS = """
    password passw0rd p@ssw0rd p@ssword pa$$word pa$$w0rd p@$$w0rd p@$$word passwd pass pwd passport
    admin administrator adm1n @dmin root user username guest test tester testing demo temp default manager master
    system server service support oracle mysql sql windows linux office excel cisco dell hp ibm lenovo thinkpad
    welcome welcome2 hello helloworld hi iloveyou ilovey0u loveyou love lovely forever friend friends family mother father
    letmein login logon access changeme change secret private security secure money rich lucky happy smile angel
    dragon monkey tiger lion eagle panda rabbit kitty sunshine sunny sun moon star flower rose princess prince queen king
    football soccer basketball baseball hockey superman batman spiderman pokemon naruto matrix shadow hunter killer
    michael jordan kobe james david daniel john mary tom jack jerry lucy lily linda anna alice peter robert andrew
    thomas charlie jessica ashley nicole michelle jennifer george william harry
    spring summer autumn winter fall january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday today tomorrow
    china chinese zhongguo beijing shanghai tianjin chongqing guangzhou shenzhen zhuhai shantou foshan shaoguan zhanjiang
    zhaoqing jiangmen maoming huizhou meizhou shanwei heyuan yangjiang qingyuan dongguan zhongshan chaozhou jieyang yunfu
    tianhe yuexiu haizhu liwan baiyun huangpu panyu huadu nansha conghua zengcheng shunde nanhai hongkong macau taiwan
    wuhan hangzhou nanjing chengdu xian changsha fuzhou xiamen nanning haikou zhengzhou jinan qingdao dalian shenyang
    huawei xiaomi oppo vivo apple iphone samsung google android microsoft facebook tencent alibaba alipay taobao tmall
    jingdong baidu weixin wechat weibo douyin tiktok zhifubao wangyi netease meituan didi gree midea haier bmw benz honda
    mima wodemima woaini woaiwo woaiwojia woaizhongguo nihao nimen women baobei baobao laopo laogong qinaide xiaobao
    dabao erbao mama baba jiejie gege meimei didi pengyou kuaile xingfu pingan jiankang shunli facai gongxi zhufu ziyou
    gongsi danwei caiwu caiwubu chuna shenji shuiwu kaoshi chuji zhongji gaoji xuexi jiaoyu xuexiao laoshi xuesheng
    daxue gongzuo jiating shenghuo tianxia tiantian jintian mingtian xiaoming xiaohong lilei hanmeimei
    li wang zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang deng
    han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen yao zhong lv lai wen
    wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xia ping gang hong mei ling hua fei bin bo
    guiying xiulan xiuying weiwei lili fangfang tingting jingjing jianjun jianguo zhiqiang haiyan xiaoyan yingying
    zhangwei wangwei wangfang liwei liuwei zhangmin lijing wanglei zhangsan lisi wangwu zhaoliu
    kj cpa cta ceo cfo gd gz sz erp kingdee yonyou jindie yongyou finance account audit tax bank company
""".split()
# Whole rows of keys, signs included; more signs or digits may follow.
WALKS = """
    1qaz@wsx 1qaz!qaz !qaz1qaz !qaz2wsx @wsx1qaz 1qaz2wsx 1qaz@wsx3edc 1qaz2wsx#edc 1qaz2wsx3edc !qaz@wsx 2wsx#edc 2wsx@wsx
    3edc$rfv zaq1@wsx zaq!2wsx zaq12wsx zaq1!qaz xsw2@wsx xsw2!qaz !@#qweasd qwe123!@# qwe!@#123 123qwe!@# !@#123qwe 123!@#qwe
    !@#qwe123 asd123!@# zxc123!@# abc123!@# 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q@w3e4r 1q@w#e4r !q2w3e4r !q@w#e$r q1w2e3 q1w2e3r4
    q1w2e3r4t5 q!w@e#r$ q1w@e#r4 a1b2c3 a1b2c3d4 a1s2d3 a1s2d3f4 z1x2c3v4 1a2b3c 1a2b3c4d 1z2x3c4v qw12 qwer12 qw12er34
    qwert12345 1234qwer qwer1234 qwerasdf 1qazxsw2 1qazxsw@ 12qwaszx 12qw!@qw 123qweasd 123qwe 1234abcd abcd1234 !@#$qwer qwer!@#$
    !qaz@wsx3edc !qaz2wsx3edc 1qaz@wsx#edc qaz!@#wsx passw0rd p@ssw0rd p@ssword pa$$w0rd p@$$w0rd p@$$word w0rdpass
    a123b456 aa11bb22 aa123aa p@55w0rd p@55word pa55word pa55w0rd p4ssword p4ssw0rd adm1n1str4t0r l0ve w3lcome h3llo
    woaini1314 5201314ai 1314woaini 520woaini i520you
""".split()
DIGITS = """
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 21 22 23 33 44 55 66 77 88 99 00 01 02 03 07 08 09 007 008 010 012 020 0123 01234
    0123456 01234567 012345678 0123456789 111 1111 11111 111111 1111111 11111111 112233 11223344 1122 121212 123 1234 12345 123456
    1234567 12345678 123456789 1234567890 123123 12312 123321 1234321 123654 123654789 12344321 12341234 123789 1212 1213 1221
    1230 12300 123000 131313 1313 1314 131420 1314520 13145 141414 147258 147258369 147852 159357 159753 159951 168 1688 16888 168168
    1818 188 1888 1995 211314 222 2222 222222 2580 321 3210 3344 333 3333 333333 369 369369 4321 444 4444 456 456456 456789 520 5200
    5201314 520520 520530 521 521521 5211314 54321 555 5555 555555 5566 567 5678 567890 654321 666 6666 66666 666666 6789 678 678910 688
    6688 66668888 69 696969 777 7777 777777 778899 7788 789 789456 789456123 753951 8080 852456 87654321 876543210 888 8888 88888
    888888 88888888 9527 963852741 987 9876 98765 987654 9876543 987654321 9876543210 99999 999 9999 999999 911 918 110 119 120 12306
    100 1000 10000 100000 100200 1001 101010 1010 1024 0000 00000 000000 00000000 000 0001 001
""".split()
# Birthdays and years are the digits people add most.
DATES = r"(?:19[3-9][0-9]|20[0-4][0-9])(?:0[1-9]|1[0-2])?(?:0[1-9]|[12][0-9]|3[01])?|[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]"
SIGN_ROWS = "!@# !@#$ !@#$% !@ @# #$ #$% $% %^ ^& &* ()_ +_ *&^ #@! @! $#@! !#".split()


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))


@cache
def _pattern() -> re.Pattern[str]:
    sign = rf"(?:(?P<s>[!-/:-@\[-`{{-~])(?P=s){{0,3}}|{_any_of(SIGN_ROWS)})"
    signs = [sign.replace("(?P<s>", f"(?P<s{n}>").replace("(?P=s)", f"(?P=s{n})") for n in range(6)]
    word = f"(?:{_any_of(KEYBOARD_RUNS + WORDS)})"
    run = f"(?:{_any_of(KEYBOARD_RUNS)})"
    digits = f"(?:{_any_of(DIGITS)}|{DATES})"
    return re.compile(
        # Word first: Zhangwei@123, Abc123!@#, @Admin123!, A@123456a
        rf"(?:{signs[0]})?{word}{{1,2}}(?:{signs[1]})?{digits}{run}?(?:{signs[2]})?"
        # Digits first: 123@Abc, 520Woaini!; and walks with anything but letters behind.
        rf"|{digits}(?:{signs[3]})?{word}{{1,2}}(?:{signs[4]})?"
        rf"|(?:{signs[5]})?(?:{_any_of(WALKS)})(?:[!-@\[-`{{-~]{{0,4}})"
    )


def is_common(folded: str) -> bool:
    """Whether a password, in lower case, is put together from the tables above."""
    return _pattern().fullmatch(folded) is not None


def pattern_for_browsers() -> str:
    """The same pattern as a JavaScript regular expression: only groups with a name are written differently."""
    return re.sub(r"\(\?P=(\w+)\)", r"\\k<\1>", _pattern().pattern).replace("(?P<", "(?<")
