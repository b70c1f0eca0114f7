"""How personal numbers look to those who may see only part of them."""


def mask_document(number: str) -> str:
    """440106********0027; of numbers shorter than 15 characters a quarter stays readable at either end."""
    head, tail = (6, 4) if len(number) >= 15 else (len(number) // 4, len(number) // 4)
    hidden = len(number) - head - tail
    return number[:head] + "*" * hidden + number[len(number) - tail :]


def mask_phone(phone: str) -> str:
    """138****5678; anything that is no 11-digit number is hidden wholly but for its last two characters."""
    if len(phone) == 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * len(phone[:-2]) + phone[-2:]
