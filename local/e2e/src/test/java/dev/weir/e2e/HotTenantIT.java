package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.Stack.Caller;
import dev.weir.e2e.Stack.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A sharded tenant on the chat path of the real template and on DynamoDB Local. */
class HotTenantIT extends OnStack {

  private static final int LIMIT = 12;
  private static final String CHAT =
      "{\"model\":\"scripted\",\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"hi"
          + " %d\"}]}";

  HotTenantIT() throws IOException {
    super(Stack.start("hot", Map.of("RequestSeconds", "20")));
  }

  @Test
  void no_more_than_the_limit_is_admitted_over_all_shards_by_concurrent_calls_and_new_shards()
      throws InterruptedException, ExecutionException {
    Caller caller = stack.tenant(Stack.requestsPerMinute(600));
    assertThat(stack.directory().changeShards(caller.tenantId(), 4)).isTrue();
    assertThat(stack.directory().changeLimits(caller.tenantId(), Stack.requestsPerMinute(LIMIT)))
        .isTrue();
    List<Reply> replies = new ArrayList<>(calls(caller, 2 * LIMIT));
    assertThat(stack.directory().changeLimits(caller.tenantId(), Stack.requestsPerMinute(600)))
        .isTrue();
    assertThat(stack.directory().changeShards(caller.tenantId(), 6)).isTrue();
    assertThat(stack.directory().changeLimits(caller.tenantId(), Stack.requestsPerMinute(LIMIT)))
        .isTrue();
    // A lowered limit empties the slices; who finds none cuts them anew, at most every 2 s.
    for (int burst = 0; burst < 8 && admitted(replies) < LIMIT / 2; burst++) {
      Thread.sleep(1_000);
      replies.addAll(calls(caller, 2 * LIMIT));
    }
    long admitted = admitted(replies);

    assertThat(admitted).isBetween(LIMIT / 2L, (long) LIMIT);
    assertThat(stack.directory().spend(caller.tenantId()).orElseThrow().requests())
        .isBetween(admitted, (long) LIMIT);
  }

  private static long admitted(List<Reply> replies) {
    return replies.stream().filter(reply -> reply.status() == 200).count();
  }

  @Test
  void a_suspension_is_in_force_on_the_next_call_whatever_its_shard() {
    Caller caller = stack.tenant(Stack.requestsPerMinute(600));
    stack.directory().changeShards(caller.tenantId(), 4);
    for (int call = 0; call < 8; call++) {
      assertThat(stack.chat(caller, CHAT.formatted(call)).status()).isEqualTo(200);
    }
    stack.directory().suspend(caller.tenantId());
    for (int call = 8; call < 14; call++) {
      assertThat(stack.chat(caller, CHAT.formatted(call)).status()).isEqualTo(403);
    }
  }

  private List<Reply> calls(Caller caller, int count)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Reply>> calls = new ArrayList<>();
      for (int call = 0; call < count; call++) {
        String body = CHAT.formatted(call);
        calls.add(() -> stack.chat(caller, body));
      }
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> reply : threads.invokeAll(calls)) {
        replies.add(reply.get());
      }
      return replies;
    }
  }
}
