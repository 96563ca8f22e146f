package dev.weir.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What to start and how.
 *
 * @param root the project's folder; jars are taken from its modules' {@code target} folders
 * @param template the SAM template
 * @param work folder for logs and temporary files
 * @param port of the front, 0 for any free one
 * @param parameters values that replace the template's defaults
 * @param variables set in every environment, over the template's own
 * @param jvmFlags flags of every environment's JVM
 * @param concurrency events one environment serves at once
 * @param maxEnvironments of one function at once
 * @param snapStart whether environments start as from a SnapStart snapshot
 * @param bedrock whether the Bedrock stand-in is started
 * @param weights the small model's file; without it that model is a labelled echo
 * @param pace how much longer than on AWS the local SageMaker's work takes, above 0
 */
public record Options(
    Path root,
    Path template,
    Path work,
    int port,
    Map<String, String> parameters,
    Map<String, String> variables,
    List<String> jvmFlags,
    int concurrency,
    int maxEnvironments,
    boolean snapStart,
    boolean bedrock,
    Optional<Path> weights,
    double pace) {

  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /** The project as {@code make run} starts it, on any free port. */
  public static Options of(Path root) {
    var folder = root.toAbsolutePath().normalize();
    return new Options(
        folder,
        folder.resolve("template.yaml"),
        folder.resolve("target/local"),
        0,
        Map.of(),
        Map.of(),
        QUICK_START,
        64,
        4,
        false,
        true,
        Optional.empty(),
        1);
  }

  /** With the front on this port. */
  public Options withPort(int number) {
    return with(draft -> draft.port = number);
  }

  /** With another template; code and layers in it are relative to it. */
  public Options withTemplate(Path file) {
    return with(draft -> draft.template = file.toAbsolutePath());
  }

  /** With another folder for logs and temporary files. */
  public Options withWork(Path folder) {
    return with(draft -> draft.work = folder.toAbsolutePath());
  }

  /** With this value of a template parameter. */
  public Options withParameter(String name, String value) {
    return with(draft -> draft.parameters = added(draft.parameters, name, value));
  }

  /** With this variable in every environment. */
  public Options withVariable(String name, String value) {
    return with(draft -> draft.variables = added(draft.variables, name, value));
  }

  /** With these flags, and no others, for every environment's JVM. */
  public Options withJvmFlags(List<String> flags) {
    return with(draft -> draft.jvmFlags = List.copyOf(flags));
  }

  /** With environments of this many events at once, and at most so many of them per function. */
  public Options withEnvironments(int atOnce, int most) {
    return with(draft -> {
      draft.concurrency = atOnce;
      draft.maxEnvironments = most;
    });
  }

  /** With environments that run their hooks before the first event. */
  public Options withSnapStart(boolean simulated) {
    return with(draft -> draft.snapStart = simulated);
  }

  /** With or without the Bedrock stand-in. */
  public Options withBedrock(boolean started) {
    return with(draft -> draft.bedrock = started);
  }

  /** With the small model's file. */
  public Options withWeights(Path file) {
    return with(draft -> draft.weights = Optional.of(file));
  }

  /** With a local SageMaker whose work takes this many times as long as on AWS. */
  public Options withPace(double pace) {
    return with(draft -> draft.pace = pace);
  }

  private Options with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  private static Map<String, String> added(Map<String, String> map, String name, String value) {
    var larger = new HashMap<>(map);
    larger.put(name, value);
    return Map.copyOf(larger);
  }

  private static final class Draft {
    private final Path root;
    private Path template;
    private Path work;
    private int port;
    private Map<String, String> parameters;
    private Map<String, String> variables;
    private List<String> jvmFlags;
    private int concurrency;
    private int maxEnvironments;
    private boolean snapStart;
    private boolean bedrock;
    private Optional<Path> weights;
    private double pace;

    Draft(Options options) {
      root = options.root;
      template = options.template;
      work = options.work;
      port = options.port;
      parameters = options.parameters;
      variables = options.variables;
      jvmFlags = options.jvmFlags;
      concurrency = options.concurrency;
      maxEnvironments = options.maxEnvironments;
      snapStart = options.snapStart;
      bedrock = options.bedrock;
      weights = options.weights;
      pace = options.pace;
    }

    Options options() {
      return new Options(
          root,
          template,
          work,
          port,
          parameters,
          variables,
          jvmFlags,
          concurrency,
          maxEnvironments,
          snapStart,
          bedrock,
          weights,
          pace);
    }
  }
}
