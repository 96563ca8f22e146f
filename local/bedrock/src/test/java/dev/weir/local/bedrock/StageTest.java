package dev.weir.local.bedrock;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests on one stage, whose faults and counts end with each of them. */
abstract class StageTest {
  static Stage stage;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.open();
  }

  @AfterEach
  void reset() throws Exception {
    stage.reset();
  }

  @AfterAll
  static void close() throws Exception {
    stage.close();
  }
}
