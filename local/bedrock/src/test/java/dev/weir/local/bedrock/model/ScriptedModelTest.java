package dev.weir.local.bedrock.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.local.bedrock.wire.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScriptedModelTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'type':'string'}|'text'",
        "{'type':'string','minLength':6}|'textxx'",
        "{'type':'string','maxLength':2}|'te'",
        "{'type':'string','format':'date'}|'2026-01-01'",
        "{'enum':['b','a']}|'b'",
        "{'const':7}|7",
        "{'type':'integer','minimum':3}|3",
        "{'type':'integer','exclusiveMinimum':3}|4",
        "{'type':'integer','maximum':-5}|-5",
        "{'type':['null','string']}|null",
        "{'type':'boolean'}|true",
        "{'type':'array','items':{'type':'boolean'},'minItems':2}|[true,true]",
        "{'anyOf':[{'type':'null'}]}|null",
        "{'properties':{'a':{'$ref':'#/$defs/n'}},'$defs':{'n':{'type':'integer'}}}|{'a':1}",
        "{'type':'object','properties':{'a':{'type':'object','properties':{'b':{'type':'number'}}}}}|{'a':{'b':1.0}}"
      })
  void arguments_fit_their_schema(String schema, String example) throws Exception {
    assertThat(SchemaExample.of(json(schema))).hasToString(json(example).toString());
  }

  @Test
  void a_schema_that_contains_itself_comes_to_an_end() throws Exception {
    JsonNode schema = json("{'type':'object','properties':{'next':{'$ref':'#'}}}");
    JsonNode deeper = json("{'type':'object','properties':{'n':{'$ref':'#/properties/n'}}}");

    assertThat(SchemaExample.of(schema).isObject()).isTrue();
    assertThat(SchemaExample.of(deeper).path("n").isNull()).isTrue();
  }

  private static JsonNode json(String text) throws Exception {
    return Json.read(text.replace('\'', '"'));
  }
}
