package dev.weir.operations;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.weir.admin.AutomaticSwitch;
import dev.weir.admin.Caller;
import dev.weir.killswitch.Target;
import dev.weir.ledger.Notice;
import dev.weir.store.NoticeTable;
import dev.weir.telemetry.Line;
import dev.weir.telemetry.Log;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/**
 * Delivers the budget notices that wait: to SNS and to EventBridge, each by an id that says whether
 * it has been heard before. A notice goes from the outbox when both have taken it, so one that
 * fails here waits for the next minute. Where the tenant's policy says so, its switch goes off
 * first.
 */
public final class NoticesHandler implements RequestStreamHandler {

  private final NoticeTable table;
  private final AutomaticSwitch automatic;
  private final Consumer<Notice> publisher;
  private final Log log;

  /** Wired from the function's environment variables. */
  public NoticesHandler() {
    this(new Wiring());
  }

  private NoticesHandler(Wiring wiring) {
    this(
        wiring.notices(),
        wiring.automaticSwitch(),
        new NoticePublisher(System.getenv()),
        wiring.log());
    wiring.announce("notices");
  }

  NoticesHandler(
      NoticeTable table, AutomaticSwitch automatic, Consumer<Notice> publisher, Log log) {
    this.table = table;
    this.automatic = automatic;
    this.publisher = publisher;
    this.log = log;
  }

  @Override
  public void handleRequest(InputStream event, OutputStream out, Context context) {
    List<Notice> waiting = table.waiting();
    while (!waiting.isEmpty()) {
      waiting.forEach(this::deliver);
      waiting = table.waiting();
    }
  }

  private void deliver(Notice notice) {
    if (notice.switchesOff()) {
      automatic.turnOff(
          new Target(Target.Kind.TENANT, notice.tenantId()),
          "the %s's budget is used up".formatted(notice.period()),
          new Caller("budget/" + notice.tenantId(), notice.id()));
    }
    publisher.accept(notice);
    table.delivered(notice);
    log.write(Line.info("budget_notice").with("notice", notice.id()));
  }
}
