package dev.weir.local.bedrock;

import dev.weir.local.bedrock.control.Calls;
import dev.weir.local.bedrock.control.Fault;
import dev.weir.local.bedrock.control.Fault.Kind;
import dev.weir.local.bedrock.control.Faults;
import dev.weir.local.bedrock.model.AnswerEnded;
import dev.weir.local.bedrock.wire.ErrorReply;
import dev.weir.local.bedrock.wire.EventFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Sends the answer of one call, or what the fault that hits it makes of it. */
final class Reply {
  private static final byte[] GARBAGE =
      "<html><body>this is no answer</body></html>".getBytes(StandardCharsets.UTF_8);
  private static final String BROKEN = "injected fault";
  private static final Duration STALL_STEP = Duration.ofMillis(200);

  private final Exchange exchange;
  private final Optional<Fault> fault;
  private final Faults faults;
  private final Calls.Call call;
  private final int clearings;
  private int parts;
  private int bytes;

  Reply(Exchange exchange, Optional<Fault> fault, Faults faults, Calls.Call call) {
    this.exchange = exchange;
    this.fault = fault;
    this.faults = faults;
    this.call = call;
    this.clearings = faults.clearings();
  }

  /** What the fault does before there is an answer. */
  void before(boolean streaming) throws AnswerEnded, ErrorReply {
    if (fault.isEmpty()) {
      return;
    }
    Fault set = fault.get();
    switch (set.kind()) {
      case STATUS -> throw set.error();
      case EXCEPTION_FRAME -> {
        if (!streaming) {
          throw set.error();
        }
      }
      case DELAY -> exchange.pause(set.delay());
      case STALL_BEFORE_HEADERS -> stall(set);
      case STALL_BEFORE_FIRST, STALL_AFTER, CUT, CUT_BYTES, RESET, EMPTY, GARBAGE -> {}
    }
  }

  /** Whether the answer shall be without content. */
  boolean isEmpty() {
    return fault.filter(set -> set.kind() == Kind.EMPTY).isPresent();
  }

  /** Sends a whole JSON body. */
  void whole(byte[] body) throws AnswerEnded {
    whole("application/json", body);
  }

  /** Sends a whole body. */
  void whole(String contentType, byte[] body) throws AnswerEnded {
    if (fault.isEmpty()) {
      call.completed();
      exchange.reply(200, contentType, body);
      return;
    }
    exchange.set("Content-Type", contentType);
    part(Arrays.copyOfRange(body, 0, body.length / 2));
    part(Arrays.copyOfRange(body, body.length / 2, body.length));
    end();
  }

  /** Sends one event, or half of a buffered body. */
  void part(byte[] part) throws AnswerEnded {
    if (fault.isPresent()) {
      strike(fault.get(), part);
    }
    exchange.begin();
    exchange.write(part);
    parts++;
    bytes += part.length;
  }

  /** Ends the body. Counted first, so that who has read it all finds it counted. */
  void end() {
    call.completed();
    exchange.end();
  }

  private void strike(Fault set, byte[] next) throws AnswerEnded {
    boolean due = parts == set.afterEvents();
    switch (set.kind()) {
      case STALL_BEFORE_FIRST -> {
        if (parts == 0) {
          exchange.begin();
          stall(set);
        }
      }
      case STALL_AFTER -> {
        if (due) {
          exchange.begin();
          stall(set);
        }
      }
      case CUT -> {
        if (due) {
          throw broken(new byte[0]);
        }
      }
      case CUT_BYTES -> {
        if (bytes + next.length > set.afterBytes()) {
          throw broken(Arrays.copyOf(next, set.afterBytes() - bytes));
        }
      }
      case EXCEPTION_FRAME -> {
        if (due) {
          throw broken(EventFrame.failure(set.errorType(), "injected fault"));
        }
      }
      case GARBAGE -> {
        if (due) {
          throw broken(GARBAGE);
        }
      }
      case RESET -> {
        if (due) {
          call.failed(BROKEN);
          exchange.reset();
          throw new AnswerEnded(AnswerEnded.By.FAULT);
        }
      }
      case STATUS, DELAY, STALL_BEFORE_HEADERS, EMPTY -> {}
    }
  }

  /** Ends the body with these last bytes. */
  private AnswerEnded broken(byte[] last) throws AnswerEnded {
    exchange.begin();
    exchange.write(last);
    call.failed(BROKEN);
    exchange.end();
    return new AnswerEnded(AnswerEnded.By.FAULT);
  }

  /** Waits until the client has gone, the faults are cleared or the fault's own time is over. */
  private void stall(Fault set) throws AnswerEnded {
    long end = System.nanoTime() + set.delay().toNanos();
    while (faults.clearings() == clearings && (set.delay().isZero() || System.nanoTime() < end)) {
      exchange.pause(STALL_STEP);
    }
  }
}
