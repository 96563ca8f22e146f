package dev.weir.remediation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script itself, by bash, Python and boto3, with Jupyter and DynamoDB on loopback. */
@SuppressWarnings("NullAway.Init") // the server is started before each test
class HeartbeatScriptTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final Path SCRIPT = Path.of("src/main/notebook/heartbeat.sh").toAbsolutePath();

  private final Map<String, String> jupyter = new ConcurrentHashMap<>();
  private final List<JsonNode> written = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @TempDir private Path home;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String answer = jupyter.getOrDefault(exchange.getRequestURI().getPath(), "");
          int status = answer.isEmpty() ? 404 : 200;
          String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
          if (target != null && target.endsWith(".PutItem")) {
            written.add(new ObjectMapper().readTree(body));
            answer = "{}";
            status = 200;
          }
          exchange.sendResponseHeaders(status, answer.isEmpty() ? -1 : answer.length());
          exchange.getResponseBody().write(answer.getBytes(UTF_8));
          exchange.close();
        });
    server.start();
    Files.writeString(
        home.resolve("metadata.json"),
        "{\"ResourceArn\":\"arn:aws:sagemaker:eu-west-1:1:notebook-instance/ann\","
            + "\"ResourceName\":\"ann\"}");
    jupyter.put("/api/kernels", "[]");
    jupyter.put("/api/terminals", "[]");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A Python with boto3, as a notebook has it; here that of the checks may have to do. */
  private static String python() throws IOException, InterruptedException {
    if (new ProcessBuilder("python3", "-c", "import boto3").start().waitFor() == 0) {
      return "python3";
    }
    Process venv = new ProcessBuilder(ROOT.resolve(".ci/venv").toString(), "sam").start();
    String path = new String(venv.getInputStream().readAllBytes(), UTF_8).strip();
    assumeTrue(venv.waitFor() == 0, "no Python with boto3");
    return path + "/bin/python";
  }

  private String run(Map<String, String> more, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    Map<String, String> environment = builder.environment();
    environment.remove("AWS_REGION");
    environment.putAll(
        Map.of(
            "WEIR_TABLE",
            "remediation",
            "WEIR_JUPYTER",
            url,
            "WEIR_METADATA",
            home.resolve("metadata.json").toString(),
            "WEIR_HOME",
            home.resolve("weir").toString(),
            "WEIR_CRON",
            home.resolve("cron.d").toString(),
            "AWS_ENDPOINT_URL_DYNAMODB",
            url,
            "AWS_ACCESS_KEY_ID",
            "id",
            "AWS_SECRET_ACCESS_KEY",
            "secret"));
    environment.putAll(more);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + " " + output;
  }

  private String install(Map<String, String> more) throws IOException, InterruptedException {
    return run(more, "bash", SCRIPT.toString());
  }

  private String beat() throws IOException, InterruptedException {
    return run(Map.of(), home.resolve("weir/heartbeat").toString());
  }

  private JsonNode onlyItem() {
    assertThat(written).hasSize(1);
    return written.getFirst().path("Item");
  }

  private static long number(JsonNode item, String name) {
    return Math.round(item.path(name).path("N").asDouble(-1));
  }

  @Test
  void it_fits_a_lifecycle_configuration() throws IOException {
    assertThat(Files.size(SCRIPT)).isLessThanOrEqualTo(16_384);
  }

  @Test
  void it_installs_a_job_for_cron_within_the_minutes_it_has()
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    assertThat(install(Map.of("WEIR_PYTHON", python(), "WEIR_MINUTES", "7")))
        .isEqualTo("0 weir-heartbeat: every 7 minutes to remediation\n");

    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(300);
    assertThat(Files.readString(home.resolve("cron.d/weir-heartbeat")))
        .isEqualTo(
            "*/7 * * * * root %s/weir/heartbeat 2>&1 | logger -t weir-heartbeat%n".formatted(home));
    assertThat(Files.readString(home.resolve("weir/heartbeat")))
        .contains("AWS_DEFAULT_REGION=eu-west-1");
  }

  @Test
  void kernels_and_terminals_become_one_item() throws IOException, InterruptedException {
    install(Map.of("WEIR_PYTHON", python()));
    jupyter.put(
        "/api/kernels",
        """
        [{"id":"1","execution_state":"busy","last_activity":"2026-11-22T10:00:00.5Z"},
         {"id":"2","execution_state":"starting","last_activity":"2026-11-22T09:00:00Z"},
         {"id":"3","execution_state":"idle","last_activity":"2026-11-22T08:00:00Z"}]
        """);
    jupyter.put(
        "/api/terminals", "[{\"name\":\"1\",\"last_activity\":\"2026-11-22T11:00:00.123456Z\"}]");

    assertThat(beat()).isEqualTo("0 ");

    assertThat(written.getFirst().path("TableName").asText()).isEqualTo("remediation");
    JsonNode item = onlyItem();
    assertThat(item.at("/pk/S").asText()).isEqualTo("HEARTBEAT");
    assertThat(item.at("/sk/S").asText()).isEqualTo("notebook-instance/ann");
    assertThat(number(item, "kernels")).isEqualTo(3);
    assertThat(number(item, "busyKernels")).isEqualTo(1);
    assertThat(number(item, "terminals")).isEqualTo(1);
    assertThat(item.at("/lastActivity/S").asText()).isEqualTo("2026-11-22T11:00:00Z");
    assertThat(item.at("/startingSince/S").asText()).isEqualTo("2026-11-22T09:00:00Z");
    assertThat(number(item, "cpuPercent")).isBetween(0L, 100L);
    Instant at = Instant.parse(item.at("/at/S").asText());
    assertThat(at).isBetween(Instant.now().minusSeconds(120), Instant.now());
    assertThat(number(item, "ttl")).isEqualTo(at.getEpochSecond() + 7 * 86_400);
  }

  @Test
  void a_notebook_that_was_never_opened_has_no_activity() throws IOException, InterruptedException {
    install(Map.of("WEIR_PYTHON", python()));

    beat();

    JsonNode item = onlyItem();
    assertThat(item.has("lastActivity")).isFalse();
    assertThat(item.has("startingSince")).isFalse();
    assertThat(number(item, "kernels")).isZero();
  }

  @Test
  void the_busiest_gpu_is_told() throws IOException, InterruptedException {
    install(Map.of("WEIR_PYTHON", python()));
    Path smi = Files.createDirectories(home.resolve("bin")).resolve("nvidia-smi");
    Files.writeString(smi, "#!/bin/sh\nprintf '3\\n87\\n'\n");
    Files.setPosixFilePermissions(smi, PosixFilePermissions.fromString("rwxr-xr-x"));

    run(
        Map.of("PATH", smi.getParent() + ":" + System.getenv().getOrDefault("PATH", "")),
        home.resolve("weir/heartbeat").toString());

    assertThat(number(onlyItem(), "gpuPercent")).isEqualTo(87);
  }

  @Test
  void without_jupyter_nothing_is_written() throws IOException, InterruptedException {
    install(Map.of("WEIR_PYTHON", python()));
    jupyter.clear();

    assertThat(beat()).startsWith("1 ");
    assertThat(written).isEmpty();
  }

  @Test
  void without_boto3_the_notebook_starts_all_the_same() throws IOException, InterruptedException {
    assertThat(install(Map.of("WEIR_PYTHON", "/nowhere/python3")))
        .isEqualTo("0 weir-heartbeat: not installed: no python3 with boto3\n");
    assertThat(home.resolve("cron.d/weir-heartbeat")).doesNotExist();
  }
}
