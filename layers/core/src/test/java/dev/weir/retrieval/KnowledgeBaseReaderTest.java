package dev.weir.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnowledgeBaseReaderTest {

  private static KnowledgeBase read(String json) {
    try {
      return KnowledgeBaseReader.read(new ObjectMapper().readTree(json), "m").orElseThrow();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_model_without_retrieval_has_no_knowledge_base() {
    assertThat(KnowledgeBaseReader.read(MissingNode.getInstance(), "m")).isEmpty();
  }

  @Test
  void what_is_not_said_has_a_default() {
    KnowledgeBase base = read("{\"knowledgeBase\":\"KB1\"}");

    assertThat(base.results()).isEqualTo(5);
    assertThat(base.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(base.isRequired()).isFalse();
    assertThat(base.permission()).isEmpty();
  }

  @Test
  void another_declaration_is_another_version() {
    assertThat(read("{\"knowledgeBase\":\"KB1\"}").version())
        .isEqualTo(read("{\"knowledgeBase\":\"KB1\",\"results\":5}").version())
        .isNotEqualTo(read("{\"knowledgeBase\":\"KB1\",\"minScore\":0.1}").version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                               | knowledgeBase | 1 to 10 letters and digits
          {"knowledgeBase":"a/b"}                          | knowledgeBase | 1 to 10 letters and digits
          {"knowledgeBase":"KB1","result":1}               | result        | known are knowledgeBase, results
          {"knowledgeBase":"KB1","results":0}              | results       | from 1 to 100
          {"knowledgeBase":"KB1","results":1.5}            | results       | from 1 to 100
          {"knowledgeBase":"KB1","timeoutMs":1}            | timeoutMs     | from 50 to 10000
          {"knowledgeBase":"KB1","minScore":-1}            | minScore      | 0 or more
          {"knowledgeBase":"KB1","required":"yes"}         | required      | true or false
          {"knowledgeBase":"KB1","everyone":"all"}         | everyone      | needs tenantAttribute
          {"knowledgeBase":"KB1","tenantAttribute":""}     | tenantAttribute | 1 to 100 characters
          {"knowledgeBase":"KB1","picoUsdPerQuery":-1}     | picoUsdPerQuery | from 0
          """)
  void a_wrong_declaration_names_the_key_and_what_it_may_be(
      String json, String key, String allowed) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(json))
        .withMessageContaining("retrieval." + key + " of m")
        .withMessageContaining(allowed);
  }
}
