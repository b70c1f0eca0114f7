"""What the kinds of audit rows of this app are called."""

NAMES = {
    "collection.notice_accepted": "阅读须知并承诺",
    "collection.section_saved": "保存信息采集栏目",
    "collection.submitted": "提交信息采集",
    "attachment.received": "上传图片",
    "person.viewed": "查看完整信息",
}
