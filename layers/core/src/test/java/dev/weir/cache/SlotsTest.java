package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {

  private static boolean agree(String a, String b) {
    Slots one = Slots.of(a);
    Slots two = Slots.of(b);
    assertThat(one.agree(two)).as("both ways").isEqualTo(two.agree(one));
    return one.agree(two);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Name three rivers. | Name 3 rivers.",
        "Is 1,000 enough? | Is 1000 enough?",
        "Is 2.50 enough? | Is 2.5 enough?",
        "What is 15% of 80? | How much is 15 percent of 80?",
        "How far is 5 km? | How far is 5 kilometres?",
        "Is it €10? | Is it 10 euros?",
        "Can't I leave? | Can I not leave?",
        "What is the capital of France? | Which city is the capital of France?",
        "Explain JSON. | What does JSON mean?",
        "How tall is it? | What is its height?",
        "Open at noon? | Is it open at noon?",
      })
  void other_words_for_the_same_agree(String a, String b) {
    assertThat(agree(a, b)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Name three rivers. | Name four rivers.",
        "Is 10 enough? | Is 100 enough?",
        "What is 2 + 3? | What is 3 + 2?",
        "How far is 5 km? | How far is 5 miles?",
        "Is it 10 $? | Is it 10 €?",
        "Is it safe? | Is it not safe?",
        "Is it safe? | Isn't it safe?",
        "With sugar? | Without sugar?",
        "How do I enable it? | How do I disable it?",
        "Is it legal? | Is it illegal?",
        "Where is Lyon? | Where is Nice?",
        "Say it in french. | Say it in dutch.",
        "What is on today? | What is on tomorrow?",
        "Is it open in March? | Is it open in July?",
        "What is the longest? | What is the shortest?",
        "Who was it before him? | Who was it after him?",
        "Is it over 5? | Is it < 5?",
        "What does \"affect\" mean? | What does \"effect\" mean?",
        "How do you spell 'quay'? | How do you spell 'key'?",
        "From English to German? | From German to English?",
        "Do owls eat bats? | Do bats eat owls?",
        "Did Google sue Oracle? | Did Oracle sue Google?",
        "Paid by me to you? | Paid by you to me?",
      })
  void what_turns_the_sense_does_not_agree(String a, String b) {
    assertThat(agree(a, b)).isFalse();
  }

  @Test
  void any_text_has_slots_in_linear_time_and_agrees_with_itself() {
    for (String text :
        new String[] {
          "", " ", "\"", "'", "'a", "1,2,,3.", "€€€", "¿Qué?", "日本の首都は?", "a\u0301b", "😀"
        }) {
      assertThat(agree(text, text)).isTrue();
    }
    String[] long_ = {
      "'".repeat(50_000), "\"a ".repeat(20_000), "1,".repeat(50_000), "a-".repeat(50_000)
    };
    long start = System.nanoTime();
    for (String text : long_) {
      Slots.of(text);
    }
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void nothing_of_the_text_is_held() {
    assertThat(Slots.of("Call Jane on 555 0199 about \"the secret\".").toString())
        .doesNotContainIgnoringCase("jane")
        .doesNotContain("555", "0199", "secret");
  }
}
