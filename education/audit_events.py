"""What the kinds of audit rows of this app are called."""

NAMES = {
    "study.launched": "去学习",
    "study.released": "解除学习占用",
    "year.closed": "年度截止",
    "ticket.redeemed": "学习机构兑换票据",
    "institution.secret_created": "生成回传密钥",
    "credits.change_confirmed": "同意更正或撤销学分",
    "credits.change_refused": "不同意更正或撤销学分",
}
