package dev.weir.statemachines.lint;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import dev.weir.states.definition.Functions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A function that Step Functions has: JSONata's or its own. */
record BuiltIn(JFunction function) {

  static Optional<BuiltIn> named(String name) {
    return new Functions(InstantSource.system(), new Random(0))
        .named(name)
        .or(() -> library(name))
        .map(BuiltIn::new);
  }

  private static Optional<JFunction> library(String name) {
    return Jsonata.jsonata("$" + name).evaluate(null) instanceof JFunction function
        ? Optional.of(function)
        : Optional.empty();
  }

  /** Whether its signature can take so many arguments, of whatever types. */
  boolean takes(int arguments) {
    return IntStream.range(0, 1 << arguments).anyMatch(functions -> takes(arguments, functions));
  }

  /**
   * To the library an absent value fits every type but a function.
   *
   * @param functions the arguments that are functions, one bit for each
   */
  private boolean takes(int arguments, int functions) {
    List<@Nullable Object> given = new ArrayList<>();
    for (int i = 0; i < arguments; i++) {
      given.add((functions & 1 << i) == 0 ? null : function);
    }
    try {
      function.validate(given, null);
      return true;
    } catch (JException e) {
      return false;
    }
  }
}
