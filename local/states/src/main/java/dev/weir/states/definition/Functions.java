package dev.weir.states.definition;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Jsonata.JFunctionCallable;
import com.dashjoin.jsonata.Utils;
import com.dashjoin.jsonata.utils.DateTimeUtils;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The functions that Step Functions adds to JSONata 2.0.6 (developer guide, "JSONata functions
 * provided by Step Functions"), and JSONata's own functions of time and chance, all from one clock
 * and one source of randomness, so that a seeded run repeats itself.
 */
public final class Functions {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Set<String> ALGORITHMS =
      Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");
  private static final int MOST_ELEMENTS = 1000;

  private final InstantSource clock;
  private final RandomGenerator random;

  public Functions(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The function of that name, without the dollar sign. */
  public Optional<JFunction> named(String name) {
    return switch (name) {
      case "partition" -> function(Functions::partition, "<an:a>");
      case "range" -> function(Functions::range, "<nnn:a>");
      case "hash" -> function(Functions::hash, "<ss:s>");
      case "random" -> function(this::random, "<n?:n>");
      case "uuid" -> function(_ -> uuid(), "<:s>");
      case "parse" -> function(Functions::parse, "<s:x>");
      case "now" -> function(this::now, "<s?s?:s>");
      case "millis" -> function(_ -> clock.millis(), "<:n>");
      case "shuffle" -> function(this::shuffle, "<a:a>");
      default -> Optional.empty();
    };
  }

  private interface Body {
    Object apply(List<?> arguments);
  }

  private static Optional<JFunction> function(Body body, String signature) {
    JFunctionCallable callable = (input, arguments) -> body.apply(arguments);
    return Optional.of(new JFunction(callable, signature));
  }

  private static Object partition(List<?> arguments) {
    List<?> all = (List<?>) arguments.get(0);
    int size = whole(arguments.get(1));
    if (size < 1) {
      throw new JException("T0410", -1, size, "partition");
    }
    List<Object> chunks = new ArrayList<>();
    for (int start = 0; start < all.size(); start += size) {
      chunks.add(new ArrayList<>(all.subList(start, Math.min(all.size(), start + size))));
    }
    return chunks;
  }

  /**
   * Inclusive at both ends; a result of one element is that element, as in any JSONata sequence.
   */
  private static Object range(List<?> arguments) {
    int first = whole(arguments.get(0));
    int last = whole(arguments.get(1));
    int step = whole(arguments.get(2));
    if (step == 0) {
      throw new JException("T0410", -1, step, "range");
    }
    List<Object> values = Utils.createSequence();
    for (long value = first; step > 0 ? value <= last : value >= last; value += step) {
      if (values.size() == MOST_ELEMENTS) {
        throw new JException("D2014", -1, MOST_ELEMENTS);
      }
      values.add((int) value);
    }
    return values;
  }

  private static Object hash(List<?> arguments) {
    String algorithm = (String) arguments.get(1);
    if (!ALGORITHMS.contains(algorithm)) {
      throw new JException("T0410", -1, algorithm, "hash");
    }
    try {
      byte[] text = ((String) arguments.get(0)).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object random(List<?> arguments) {
    boolean seeded = !arguments.isEmpty() && arguments.getFirst() instanceof Number;
    return seeded
        ? new Random(((Number) arguments.getFirst()).longValue()).nextDouble()
        : random.nextDouble();
  }

  private Object uuid() {
    long high = random.nextLong() & ~0xF000L | 0x4000L;
    long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  private static Object parse(List<?> arguments) {
    String text = (String) arguments.getFirst();
    try {
      return Values.toJsonata(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new JException(e, "D3120", -1, text, e.getOriginalMessage());
    }
  }

  private Object now(List<?> arguments) {
    return DateTimeUtils.formatDateTime(clock.millis(), text(arguments, 0), text(arguments, 1));
  }

  private Object shuffle(List<?> arguments) {
    List<Object> shuffled = new ArrayList<>((List<?>) arguments.getFirst());
    Collections.shuffle(shuffled, Random.from(random));
    return shuffled;
  }

  /** The library takes null for an argument that was not given. */
  private static @Nullable String text(List<?> arguments, int index) {
    return arguments.size() > index ? (String) arguments.get(index) : null;
  }

  private static int whole(Object number) {
    double value = ((Number) number).doubleValue();
    if (value != (int) value) {
      throw new JException("T0410", -1, number);
    }
    return (int) value;
  }
}
