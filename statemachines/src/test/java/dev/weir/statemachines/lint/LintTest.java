package dev.weir.statemachines.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The machines that are deployed. */
class LintTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("machines")
  void a_machine_has_no_finding(Path machine) throws IOException {
    assertThat(Linter.lint(Files.readString(machine))).isEmpty();
  }

  private static List<Path> machines() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("").toAbsolutePath())) {
      return files.filter(file -> file.toString().endsWith(".asl.json")).sorted().toList();
    }
  }
}
