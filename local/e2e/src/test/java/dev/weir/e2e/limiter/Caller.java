package dev.weir.e2e.limiter;

import dev.weir.admission.Admission;
import dev.weir.admission.Ask;
import dev.weir.admission.Decision;
import dev.weir.admission.Dimension;
import dev.weir.admission.Reservation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/** One thread that calls for one tenant, and writes down each step before and after it. */
final class Caller {

  private static final Duration LEASE = Duration.ofMinutes(10);

  private final String tenant;
  private final String key;
  private final Admission admission;
  private final Meter meter;
  private final Path file;
  private final String prefix;
  private final Random random;
  private final double crashes;
  private int calls;

  Caller(
      String tenant,
      String key,
      Admission admission,
      Meter meter,
      Path file,
      String prefix,
      double crashes) {
    this.tenant = tenant;
    this.key = key;
    this.admission = admission;
    this.meter = meter;
    this.file = file;
    this.prefix = prefix;
    this.random = new Random(prefix.hashCode());
    this.crashes = crashes;
  }

  /** One call, up to {@code longest} milliseconds of work included. */
  void call(int longest) {
    String id = prefix + Integer.toString(calls++, 36);
    long tokens = 200 + random.nextLong(400);
    long money = tokens * 3;
    write("ask", id, tokens, money);
    meter.reset();
    long sent = micros();
    Decision decision = admission.reserve(new Ask(tenant, key, id, "m", tokens, money, LEASE));
    long received = micros();
    switch (decision) {
      case Decision.Admitted admitted -> {
        write("admitted", id, meter.place().orElse(0), sent, received, meter.requests());
        finish(admitted.reservation(), longest);
      }
      case Decision.Rejected rejected when rejected.dimension() == Dimension.UNAVAILABLE ->
          write("unavailable", id, meter.requests());
      case Decision.Rejected _ -> write("denied", id, meter.requests());
    }
  }

  private void finish(Reservation reservation, int longest) {
    sleep(random.nextInt(longest));
    if (random.nextDouble() >= crashes) {
      long tokens = (long) (reservation.tokens() * random.nextDouble(0.1, 1));
      write("settle", reservation.callId(), tokens, tokens * 3);
      admission.settle(reservation, tokens, tokens * 3);
    }
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(Math.max(0, millis));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a caller", e);
    }
  }

  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private void write(String what, String id, long... numbers) {
    StringBuilder line = new StringBuilder(what).append(',').append(tenant).append(',').append(id);
    for (long number : numbers) {
      line.append(',').append(number);
    }
    try {
      Files.writeString(
          file,
          line.append('\n'),
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
