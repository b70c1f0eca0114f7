// 报名并完成一门课程。需要 Java 17 以上；签名只用标准库，也可以改用 Maven 包 com.standardwebhooks:standardwebhooks。
//
// java Sample.java          试运行：只判断，不入账
// java Sample.java 票据     正式：用“去学习”带来的票据（60 秒内有效）
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Sample {
    static final String PLATFORM = System.getenv("PLATFORM_URL");
    static final String CODE = System.getenv("INSTITUTION_CODE");
    static final String SECRET = System.getenv("INSTITUTION_SECRET"); // whsec_…
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String ticket = arguments.length > 0 ? arguments[0] : "sandbox";
        String trial = ticket.equals("sandbox") ? "?dry_run=1" : "";

        String visit = ask("tickets" + trial, "{\"ticket\": \"%s\"}".formatted(ticket), newId());
        String about = """
            "enrolment": "%s", "learner": "%s", "kind": "%s", "year": %s""".formatted(
            UUID.randomUUID(), value(visit, "learner"), value(visit, "kind"), value(visit, "year"));
        String title = "\"title\": \"企业会计准则新变化\"";
        System.out.println(ask("events" + trial, event("enrolment.created", about, title), newId()));

        // 30 学分；专业课其中 20 学分是专业通识，公需课没有。
        int general = value(visit, "kind").equals("professional") ? 20 : 0;
        String earned = """
            "credits": 30, "general_professional": %d, "finished_at": "%s\"""".formatted(general, Instant.now());
        System.out.println(ask("events" + trial, event("study.completed", about, earned), newId()));
    }

    /** 签名并发送；重发时传入同一个 id 和 body。 */
    static String ask(String path, String body, String id) throws Exception {
        long now = Instant.now().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder()
            .uri(URI.create(PLATFORM + "/api/v1/institutions/" + CODE + "/" + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(now))
            .header("webhook-signature", sign(id, now, body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            // 应答里有 code、detail（中文说明）和 request_id，咨询时请提供 request_id。
            System.err.println(answer.statusCode() + " " + answer.body());
            System.exit(1);
        }
        return answer.body();
    }

    /** 密钥是 whsec_ 之后的 Base64，须先解码；签名的内容是 编号.时间.正文。 */
    static String sign(String id, long now, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring("whsec_".length())), "HmacSHA256"));
        byte[] content = (id + "." + now + "." + body).getBytes(StandardCharsets.UTF_8);
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(content));
    }

    /** 一条消息，timestamp 是事情发生的时间。 */
    static String event(String type, String about, String more) {
        return "{\"type\": \"%s\", \"timestamp\": \"%s\", \"data\": {%s, %s}}"
            .formatted(type, Instant.now(), about, more);
    }

    static String newId() {
        return "msg_" + UUID.randomUUID();
    }

    /** 示例只取几个简单的值；正式使用时请用 Jackson 等 JSON 库。 */
    static String value(String json, String name) {
        var found = Pattern.compile("\"" + name + "\": ?\"?([^\",}]*)").matcher(json);
        return found.find() ? found.group(1) : "";
    }
}
