package dev.weir.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.local.account.DynamoDb;
import dev.weir.local.sagemaker.Reply;
import dev.weir.local.sagemaker.World;
import dev.weir.local.sagemaker.wire.Service;
import dev.weir.local.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the lifecycle script does on every notebook instance in service: each five minutes an item
 * that says whether it is used. Nobody uses one here until somebody says so.
 */
final class NotebookHeartbeats {
  private static final Duration PERIOD = Duration.ofMinutes(5);

  private final World world;
  private final Scheduler time;
  private final DynamoDb database;
  private final String table;
  private final Map<String, Integer> busyKernels = new ConcurrentHashMap<>();
  private final Map<String, Instant> usedAt = new ConcurrentHashMap<>();

  NotebookHeartbeats(World world, Scheduler time, DynamoDb database, String table) {
    this.world = world;
    this.time = time;
    this.database = database;
    this.table = table;
  }

  void begin() {
    time.after(
        PERIOD,
        () -> {
          beat();
          begin();
        });
  }

  /** So many kernels of a notebook instance are busy from now on. */
  void use(String notebook, int kernels) {
    busyKernels.put(notebook, kernels);
    usedAt.put(notebook, now());
  }

  private void beat() {
    var request = JsonNodeFactory.instance.objectNode().put("StatusEquals", "InService");
    if (world.call("notebooks", Service.SAGEMAKER, "ListNotebookInstances", request)
        instanceof Reply.Done(var found)) {
      for (var notebook : found.path("NotebookInstances")) {
        database.call("PutItem", item(notebook));
      }
    }
  }

  private ObjectNode item(JsonNode notebook) {
    var name = notebook.path("NotebookInstanceName").asText();
    var busy = busyKernels.getOrDefault(name, 0);
    if (busy > 0) {
      usedAt.put(name, now());
    }
    var put = JsonNodeFactory.instance.objectNode().put("TableName", table);
    var item = put.putObject("Item");
    item.putObject("pk").put("S", "HEARTBEAT");
    item.putObject("sk").put("S", "notebook-instance/" + name);
    item.putObject("at").put("S", now().toString());
    item.putObject("busyKernels").put("N", busy.toString());
    item.putObject("terminals").put("N", "0");
    item.putObject("cpuPercent").put("N", "1");
    if (usedAt.containsKey(name)) {
      item.putObject("lastActivity").put("S", String.valueOf(usedAt.get(name)));
    }
    return put;
  }

  private Instant now() {
    return time.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
