package dev.weir.states.definition;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Frame;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One JSONata expression: what stands between {@code {%} and {@code %}}. */
public final class Expression {
  private static final String STATES = "states";

  private final String source;
  private final Jsonata compiled;
  private final Node tree;
  private final Set<String> variables;
  private final Set<String> states;
  private final Set<String> contextReads;

  /**
   * @throws IllegalArgumentException if the expression does not parse
   */
  Expression(String source) {
    try {
      tree = Node.of(source);
      Syntax syntax = new Syntax(tree);
      compiled = Jsonata.jsonata(source);
      // Only then is a JSON null told from a result that is undefined.
      compiled.setOutputConvertNulls(false);
      variables = Set.copyOf(syntax.variables());
      states = Set.copyOf(syntax.states());
      contextReads = Set.copyOf(syntax.contextReads());
    } catch (JException e) {
      throw new IllegalArgumentException("'" + source + "' is not JSONata: " + message(e), e);
    }
    this.source = source;
  }

  public String source() {
    return source;
  }

  /** Its syntax. */
  public Node tree() {
    return tree;
  }

  /** What it refers to with a dollar sign and does not bind itself, functions included. */
  public Set<String> variables() {
    return variables;
  }

  /** The fields of {@code $states} that it reads. */
  public Set<String> states() {
    return states;
  }

  Set<String> contextReads() {
    return contextReads;
  }

  /**
   * The expression's value.
   *
   * @throws EvaluationException if it fails, gives nothing (JSON has no undefined) or gives a
   *     function; worded as Step Functions words it in EvaluationFailed events
   */
  JsonNode evaluate(Environment environment, String location) {
    Object value;
    try {
      value = compiled.evaluate(null, frame(environment));
    } catch (JException e) {
      throw refuse(
          location, "threw an error during evaluation. " + e.getError() + ": " + message(e));
    } catch (RuntimeException | StackOverflowError e) {
      throw refuse(location, "threw an error during evaluation. " + e);
    }
    if (value == null) {
      throw refuse(location, "returned nothing (undefined).");
    }
    return Values.fromJsonata(value)
        .orElseThrow(() -> refuse(location, "returned an unsupported result type."));
  }

  EvaluationException refuse(String location, String what) {
    return new EvaluationException(
        location,
        "The JSONata expression '"
            + source
            + "' specified for the field '"
            + location
            + "' "
            + what);
  }

  private Frame frame(Environment environment) {
    Frame frame = compiled.createFrame();
    for (String name : variables) {
      if (name.equals(STATES)) {
        frame.bind(STATES, statesObject(environment));
      } else {
        Optional<JsonNode> value = environment.variable(name);
        if (value.isPresent()) {
          frame.bind(name, Values.toJsonata(value.get()));
        } else {
          environment.functions().named(name).ifPresent(function -> frame.bind(name, function));
        }
      }
    }
    return frame;
  }

  private Map<String, Object> statesObject(Environment environment) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (String field : states) {
      environment.states(field).ifPresent(value -> object.put(field, Values.toJsonata(value)));
    }
    return object;
  }

  private static String message(JException e) {
    return String.valueOf(e.getMessage());
  }
}
