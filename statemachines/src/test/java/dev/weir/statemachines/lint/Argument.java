package dev.weir.statemachines.lint;

import dev.weir.states.definition.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can be told of a task's argument before it is evaluated. */
sealed interface Argument {

  /**
   * An object.
   *
   * @param certain the members that it has in any case
   * @param open whether it may have members beside these
   */
  record Members(Map<String, Argument> members, Set<String> certain, boolean open)
      implements Argument {}

  /** A list. */
  record Elements(List<Argument> elements) implements Argument {}

  /** One of several. */
  record Either(List<Argument> choices) implements Argument {}

  /** As many as there are items of something: a list, one of them, or nothing. */
  record Each(Argument element) implements Argument {}

  /** A string, a number, a boolean, or something that only its evaluation shows. */
  record Unknown() implements Argument {}

  static Argument of(Template template) {
    return switch (template) {
      case Template.Literal(var value) -> ArgumentReader.read(value);
      case Template.Computed(var expression) -> ArgumentReader.read(expression.tree());
      case Template.Fields(var fields) -> {
        Map<String, Argument> members = new LinkedHashMap<>();
        fields.forEach((name, value) -> members.put(name, of(value)));
        yield new Members(members, members.keySet(), false);
      }
      case Template.Elements(var elements) ->
          new Elements(elements.stream().map(Argument::of).toList());
    };
  }
}
