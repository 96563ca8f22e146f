package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

class RemediationTableTest {

  private final RemediationTable table =
      new RemediationTable(new InMemoryDynamo(InstantSource.system()), "remediation");

  private Optional<Item> found() {
    return table.find("DRIFT", "chat");
  }

  private void write(Optional<Item> before, String value) {
    table.write("DRIFT", "chat", before, Item.EMPTY.with("outcome", value));
  }

  @Test
  void what_was_written_is_found() {
    assertThat(found()).isEmpty();
    write(Optional.empty(), "OK");
    write(found(), "DRIFT");

    assertThat(found().orElseThrow().text("outcome")).isEqualTo("DRIFT");
    assertThat(table.find("DRIFT", "other")).isEmpty();
  }

  @Test
  void what_somebody_else_has_written_since_is_not_overwritten() {
    write(Optional.empty(), "OK");
    Optional<Item> before = found();
    write(before, "theirs");

    assertThatThrownBy(() -> write(before, "ours"))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertThatThrownBy(() -> write(Optional.empty(), "ours"))
        .isInstanceOf(ConditionalCheckFailedException.class);
    assertThat(found().orElseThrow().text("outcome")).isEqualTo("theirs");
  }

  @Test
  void other_attributes_stay() {
    write(Optional.empty(), "OK");
    table.write("DRIFT", "chat", found(), Item.EMPTY.with("note", "n"));

    assertThat(found().orElseThrow().text("outcome")).isEqualTo("OK");
  }
}
