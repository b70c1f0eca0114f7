// 报名并完成一门课程。需要 Node.js 18 以上和：npm install standardwebhooks
//
// node sample.mjs          试运行：只判断，不入账
// node sample.mjs 票据     正式：用“去学习”带来的票据（60 秒内有效）
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";

const { PLATFORM_URL, INSTITUTION_CODE, INSTITUTION_SECRET } = process.env;
const webhook = new Webhook(INSTITUTION_SECRET); // whsec_…
const ticket = process.argv[2] ?? "sandbox";
const trial = ticket === "sandbox" ? "?dry_run=1" : "";

// 签名并发送；重发时传入同一个 id 和 content。
async function ask(path, content, id = `msg_${randomUUID()}`) {
  const body = JSON.stringify(content);
  const now = new Date();
  const response = await fetch(`${PLATFORM_URL}/api/v1/institutions/${INSTITUTION_CODE}/${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": webhook.sign(id, now, body),
    },
    body,
    signal: AbortSignal.timeout(10000),
  });
  const text = await response.text();
  if (!response.ok) {
    // 应答里有 code、detail（中文说明）和 request_id，咨询时请提供 request_id。
    console.error(`${response.status} ${text}`);
    process.exit(1);
  }
  return JSON.parse(text);
}

// 一条消息，timestamp 是事情发生的时间。
function event(type, data) {
  return ask(`events${trial}`, { type, timestamp: new Date().toISOString(), data });
}

const visit = await ask(`tickets${trial}`, { ticket });
const { learner, kind, year } = visit;
const about = { enrolment: `${year}-${randomUUID().slice(0, 12)}`, learner, kind, year };
console.log(await event("enrolment.created", { ...about, title: "企业会计准则新变化" }));

// 30 学分；专业课其中 20 学分是专业通识，公需课没有。
const general_professional = kind === "professional" ? 20 : 0;
const finished_at = new Date().toISOString();
console.log(await event("study.completed", { ...about, credits: 30, general_professional, finished_at }));
