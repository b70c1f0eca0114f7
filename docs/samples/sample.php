<?php
// 报名并完成一门课程。需要 PHP 8.1 以上，不需要扩展；签名只用标准函数，也可以改用 Composer 包 standard-webhooks/standard-webhooks。
//
// php sample.php          试运行：只判断，不入账
// php sample.php 票据     正式：用“去学习”带来的票据（60 秒内有效）
declare(strict_types=1);

$ticket = $argv[1] ?? 'sandbox';
$trial = $ticket === 'sandbox' ? '?dry_run=1' : '';

/** 密钥是 whsec_ 之后的 Base64，须先解码；签名的内容是 编号.时间.正文。 */
function sign(string $id, int $now, string $body): string
{
    $key = base64_decode(substr(getenv('INSTITUTION_SECRET'), strlen('whsec_')), true);
    return 'v1,' . base64_encode(hash_hmac('sha256', "$id.$now.$body", $key, true));
}

/** 签名并发送；重发时传入同一个 $id 和 $content。 */
function ask(string $path, array $content, ?string $id = null): array
{
    $id ??= 'msg_' . bin2hex(random_bytes(16));
    $now = time();
    $body = json_encode($content, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    $options = ['http' => [
        'method' => 'POST',
        'header' => [
            'Content-Type: application/json',
            "webhook-id: $id",
            "webhook-timestamp: $now",
            'webhook-signature: ' . sign($id, $now, $body),
        ],
        'content' => $body,
        'timeout' => 10,
        'ignore_errors' => true,
    ]];
    $url = getenv('PLATFORM_URL') . '/api/v1/institutions/' . getenv('INSTITUTION_CODE') . "/$path";
    $answer = file_get_contents($url, false, stream_context_create($options));
    if ($answer === false) {
        exit("平台没有应答，请稍后用同一编号重发\n");
    }
    $status = (int) explode(' ', $http_response_header[0])[1];
    if ($status >= 300) {
        // 应答里有 code、detail（中文说明）和 request_id，咨询时请提供 request_id。
        fwrite(STDERR, "$status $answer\n");
        exit(1);
    }
    return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
}

/** 一条消息，timestamp 是事情发生的时间。 */
function event(string $type, array $data): array
{
    global $trial;
    return ask("events$trial", ['type' => $type, 'timestamp' => date(DATE_ATOM), 'data' => $data]);
}

$visit = ask("tickets$trial", ['ticket' => $ticket]);
$about = ['enrolment' => $visit['year'] . '-' . bin2hex(random_bytes(6))];
$about += ['learner' => $visit['learner'], 'kind' => $visit['kind'], 'year' => $visit['year']];
echo json_encode(event('enrolment.created', $about + ['title' => '企业会计准则新变化'])), "\n";

// 30 学分；专业课其中 20 学分是专业通识，公需课没有。
$general = $visit['kind'] === 'professional' ? 20 : 0;
$earned = ['credits' => 30, 'general_professional' => $general, 'finished_at' => date(DATE_ATOM)];
echo json_encode(event('study.completed', $about + $earned)), "\n";
