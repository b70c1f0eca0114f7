"""What the kinds of audit rows of this app are called."""

NAMES = {
    "study.launched": "去学习",
    "study.released": "解除学习占用",
    "year.closed": "年度截止",
    "ticket.redeemed": "学习机构兑换票据",
    "institution.secret_created": "生成回传密钥",
    "credits.change_confirmed": "同意更正或撤销学分",
    "credits.change_refused": "不同意更正或撤销学分",
    "certificate.issued": "出具继续教育证明",
    "certificate.revoked": "撤销继续教育证明",
    "year_rule.tried": "试算年度规则",
    "exemption.granted": "登记免学",
    "exemption.ended": "取消免学登记",
    "conversion.applied": "申请学分折算",
    "conversion.proof_added": "补充证明材料",
    "conversion.withdrawn": "撤回学分折算申请",
    "conversion.approved": "学分折算通过",
    "conversion.refused": "学分折算未通过",
    "dispute.opened": "提出学分疑问",
    "dispute.answered": "答复学分疑问",
    "dispute.settled": "学分疑问已解决",
}
