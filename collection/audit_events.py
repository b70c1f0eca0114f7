"""What the kinds of audit rows of this app are called."""

NAMES = {
    "collection.notice_accepted": "阅读须知并承诺",
    "collection.section_saved": "保存信息采集栏目",
    "collection.submitted": "提交信息采集",
    "attachment.received": "上传图片",
    "person.viewed": "查看完整信息",
    "employers.import_uploaded": "上传单位导入文件",
    "employers.import_confirmed": "确认导入单位",
    "employers.import_dropped": "放弃导入单位",
    "employers.import_done": "单位导入完成",
    "employers.import_refused": "单位导入未能完成",
}
