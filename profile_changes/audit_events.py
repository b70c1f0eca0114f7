"""What the kinds of audit rows of this app are called."""

NAMES = {
    "change_request.applied": "信息变更生效",
    "change_request.booked": "预约变更行政区划",
    "change_request.withdrawn": "撤回预约变更",
    "change_request.failed": "预约变更未能生效",
}
