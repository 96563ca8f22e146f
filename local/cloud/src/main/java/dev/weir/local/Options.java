package dev.weir.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Optional<Path> weights) {

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
        Optional.empty());
  }

  /** With the front on this port. */
  public Options withPort(int number) {
    return new Options(
        root,
        template,
        work,
        number,
        parameters,
        variables,
        jvmFlags,
        concurrency,
        maxEnvironments,
        snapStart,
        bedrock,
        weights);
  }

  /** With another template; code and layers in it are relative to it. */
  public Options withTemplate(Path file) {
    return new Options(
        root,
        file.toAbsolutePath(),
        work,
        port,
        parameters,
        variables,
        jvmFlags,
        concurrency,
        maxEnvironments,
        snapStart,
        bedrock,
        weights);
  }

  /** With another folder for logs and temporary files. */
  public Options withWork(Path folder) {
    return new Options(
        root,
        template,
        folder.toAbsolutePath(),
        port,
        parameters,
        variables,
        jvmFlags,
        concurrency,
        maxEnvironments,
        snapStart,
        bedrock,
        weights);
  }

  /** With this value of a template parameter. */
  public Options withParameter(String name, String value) {
    return new Options(
        root,
        template,
        work,
        port,
        with(parameters, name, value),
        variables,
        jvmFlags,
        concurrency,
        maxEnvironments,
        snapStart,
        bedrock,
        weights);
  }

  /** With this variable in every environment. */
  public Options withVariable(String name, String value) {
    return new Options(
        root,
        template,
        work,
        port,
        parameters,
        with(variables, name, value),
        jvmFlags,
        concurrency,
        maxEnvironments,
        snapStart,
        bedrock,
        weights);
  }

  /** With these flags, and no others, for every environment's JVM. */
  public Options withJvmFlags(List<String> flags) {
    return new Options(
        root,
        template,
        work,
        port,
        parameters,
        variables,
        List.copyOf(flags),
        concurrency,
        maxEnvironments,
        snapStart,
        bedrock,
        weights);
  }

  /** With environments of this many events at once, and at most so many of them per function. */
  public Options withEnvironments(int atOnce, int most) {
    return new Options(
        root,
        template,
        work,
        port,
        parameters,
        variables,
        jvmFlags,
        atOnce,
        most,
        snapStart,
        bedrock,
        weights);
  }

  /** With environments that run their hooks before the first event. */
  public Options withSnapStart(boolean simulated) {
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
        simulated,
        bedrock,
        weights);
  }

  /** With or without the Bedrock stand-in. */
  public Options withBedrock(boolean started) {
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
        started,
        weights);
  }

  /** With the small model's file. */
  public Options withWeights(Path file) {
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
        Optional.of(file));
  }

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    var larger = new HashMap<>(map);
    larger.put(name, value);
    return Map.copyOf(larger);
  }
}
