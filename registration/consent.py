"""The consent to process sensitive personal data: each wording has a version, kept with the tick."""

VERSION = "2026-11"
LABEL = (
    "我已阅读《敏感个人信息处理告知书》，同意平台为会计人员管理处理我的证件号码、手机号码和照片等敏感个人信息"
)
REFUSAL = "请先阅读告知书并勾选同意，再完成注册"
