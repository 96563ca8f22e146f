package dev.weir.statemachines.lint;

import dev.weir.statemachines.lint.Argument.Each;
import dev.weir.statemachines.lint.Argument.Either;
import dev.weir.statemachines.lint.Argument.Elements;
import dev.weir.statemachines.lint.Argument.Members;
import dev.weir.states.definition.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;

/**
 * A request, or an object in one, beside its model.
 *
 * @param path its members' names from the request on; lists and maps are no steps
 */
record Structure(Operation operation, String path, SdkPojo model, Members given) {

  /** The request of a task whose action is known, and every object in it. */
  static Stream<Structure> of(State.Task task) {
    Argument request =
        task.arguments().map(Argument::of).orElse(new Members(Map.of(), Set.of(), false));
    return Operation.of(task.resource()).stream()
        .flatMap(operation -> of(operation, "", operation.request(), request));
  }

  /** The members that the model has, as Step Functions spells them. */
  Map<String, SdkField<?>> members() {
    Map<String, SdkField<?>> members = new LinkedHashMap<>();
    model.sdkFields().forEach(field -> members.put(Spelling.of(model, field, operation), field));
    return members;
  }

  private static Stream<Structure> of(
      Operation operation, String path, SdkPojo model, Argument given) {
    return switch (given) {
      case Members object -> {
        Structure structure = new Structure(operation, path, model, object);
        yield Stream.concat(Stream.of(structure), structure.inside());
      }
      case Either(var choices) ->
          choices.stream().flatMap(choice -> of(operation, path, model, choice));
      case Each(var element) -> of(operation, path, model, element);
      case Elements(var elements) ->
          elements.stream().flatMap(element -> of(operation, path, model, element));
      case Argument.Unknown _ -> Stream.empty();
    };
  }

  private Stream<Structure> inside() {
    return members().entrySet().stream()
        .flatMap(member ->
            Stream.ofNullable(given.members().get(member.getKey()))
                .flatMap(
                    argument -> inside(path + "/" + member.getKey(), member.getValue(), argument)));
  }

  private Stream<Structure> inside(String at, SdkField<?> field, Argument argument) {
    Optional<MapTrait> map = field.getOptionalTrait(MapTrait.class);
    if (map.isPresent()) {
      return values(argument).flatMap(value -> inside(at, map.get().valueFieldInfo(), value));
    }
    Optional<ListTrait> list = field.getOptionalTrait(ListTrait.class);
    if (list.isPresent()) {
      return inside(at, list.get().memberFieldInfo(), argument);
    }
    return field.marshallingType() == MarshallingType.SDK_POJO
        ? of(operation, at, field.constructor().get(), argument)
        : Stream.empty();
  }

  private static Stream<Argument> values(Argument map) {
    return switch (map) {
      case Members object -> object.members().values().stream();
      case Either(var choices) -> choices.stream().flatMap(Structure::values);
      case Each _, Elements _, Argument.Unknown _ -> Stream.empty();
    };
  }
}
