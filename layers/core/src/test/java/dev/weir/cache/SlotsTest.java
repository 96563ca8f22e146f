package dev.weir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {

  private static boolean agree(String a, String b) {
    return Slots.of(a, "").equals(Slots.of(b, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Name three rivers. | Name 3 rivers.",
        "What is 15% of 80? | How much is 15 percent of 80?",
        "How far is 5 km? | How far is 5 kilometres?",
        "Is it €10? | Is it 10 euros?",
        "Is it $10? | Is it 10 dollars?",
        "Isn't it safe? | is not it safe?",
        "I can't leave. | I cannot leave.",
        "What's a quark? | What is a quark?",
        "I’m lost | I am lost.",
        "Which plants are toxic? | What plants are toxic?",
        "How do I reset it? | How can I reset it?",
        "How do I reset it? | How to reset it",
        "How do I reset it? | Hi, how might I reset it please?",
        "How do I reset it? | Please tell me how to reset it.",
        "How do I reset it? | I'd like to know how to reset it.",
        "How do I reset it? | What is the best way to reset it?",
        "Where do I park? | Where can I park?",
        "Can I freeze rice? | Is it possible to freeze rice?",
        "Name five rivers. | Show me 5 rivers.",
        "Give me a recipe. | I would like a recipe.",
        "What is recursion? | Can you explain recursion?",
        "What is a heat pump? | Could you please explain what a heat pump is?",
        "Why do cats purr? | What is the reason that cats purr?",
        "What does ennui mean? | What is the meaning of ennui?",
        "How many weeks are in a year? | How many weeks does a year have?",
        "What is the shape of a cone? | Which shape does a cone have?",
        "What is the tallest tree? | Which tree is the tallest?",
        "What is the highest hill in Rome? | Which hill in Rome is the highest?",
        "What causes thunder? | What is the cause of thunder?",
        "How tall is it? | What is the height of it?",
        "How old is it? | What is the age of it?",
        "How fast is light? | What is the speed of light?",
        "How much does it weigh? | What is the weight of it?",
        "How far is Mars from Venus? | What is the distance of Mars from Venus?",
        "For how long is it open? | How long is it open?",
        "Tell me the capital of Peru. | What is the capital of Peru?",
        "What is 'quay'? | What is \"quay\"?",
        "What does HTTP 404 mean? | What is the meaning of HTTP 404?",
        "How do I write a cover letter? | How can I write a cover letter?",
        "Explain it in three words. | Explain it in 3 words.",
        "Can I use an oven? | Is it possible to use an oven?",
      })
  void another_construction_of_the_same_agrees(String a, String b) {
    assertThat(agree(a, b)).isTrue();
  }

  @ParameterizedTest(name = "{0}: {1} | {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "number | Name three rivers. | Name four rivers.",
        "decimal | Is 5 mg enough? | Is .5 mg enough?",
        "version | What is new in 3.1? | What is new in 3.10?",
        "ordinal | Explain the three laws. | Explain the third law.",
        "operator | What is 2 + 3? | What is 2 * 3?",
        "operands | What is 2 - 3? | What is 3 - 2?",
        "brackets | What is (2 + 3) * 4? | What is 2 + (3 * 4)?",
        "unit | How far is 5 km? | How far is 5 miles?",
        "capital of a unit | Is 5 Mb enough? | Is 5 MB enough?",
        "currency | Is it 10 $? | Is it 10 €?",
        "negation | Is it safe? | Isn't it safe?",
        "prefix | Is it legal? | Is it illegal?",
        "antonym | Does it include damage? | Does it exclude damage?",
        "antonym | Is the river deep? | Is the river shallow?",
        "sibling | Is it kept in the fridge? | Is it kept in the freezer?",
        "modifier | When is late filing due? | When is filing due?",
        "name | Where is Lyon? | Where is Nice?",
        "name or word | Is polish good? | Is Polish good?",
        "language | Say it in french. | Say it in dutch.",
        "quote | What does \"a b\" mean? | What does \"a c\" mean?",
        "quoted space | What is \"a b\" in C? | What is \"a_b\" in C?",
        "direction | How do I send money to Ann? | How do I send money from Ann?",
        "place | What is in the box? | What is on the box?",
        "order | Do owls eat bats? | Do bats eat owls?",
        "agent | Does the employer pay? | Does the employee pay?",
        "passive | Who paid on Friday? | Who is paid on Friday?",
        "degree | Is it hot? | Is it too hot?",
        "comparative | Which is better? | Which is best?",
        "tense | Who is the mayor? | Who was the mayor?",
        "tense | What happens to it? | What happened to it?",
        "time | Can I eat before a run? | Can I eat after a run?",
        "modality | Can I work there? | Must I work there?",
        "modality | How do I vote? | How should I vote?",
        "quantifier | Do all birds fly? | Do some birds fly?",
        "quantifier | Do few birds fly? | Do a few birds fly?",
        "possessive | What is my limit? | What is your limit?",
        "question word | When was it signed? | Where was it signed?",
        "question | What do I feed it? | Do I feed it?",
        "conjunction | Do I need a and b? | Do I need a or b?",
        "condition | May I go if it rains? | May I go unless it rains?",
        "article | What is time? | What is the time?",
        "plural | How do I clean my glass? | How do I clean my glasses?",
        "spelling | Is my plan ready? | Is my plane ready?",
        "task | List the causes. | Explain the causes.",
        "politeness asked about | How do I say hello? | How do I say thanks?",
        "will, not means | Can you tell a lie? | Tell a lie.",
        "long questions | May I take my old car to the ferry now? | May I take my old cat to the ferry now?",
        "other languages | Wie weit ist der Mond? | Wie weit ist der Mars?",
        "without spaces | 日本の首都は? | 中国の首都は?",
      })
  void what_asks_for_something_else_does_not_agree(String kind, String a, String b) {
    assertThat(agree(a, b)).as(kind).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "How many letters has three? | How many letters has 3?",
        "Spell three | Spell 3",
        "Translate to French: what's up | Translate to French: what is up",
        "What's up in French? | What is up in French?",
        "How many syllables has ten? | How many syllables has 10?",
        "How many words are in: it's late? | How many words are in: it is late?",
        "How many characters are in Hello? | How many characters are in hello?",
        "What rhymes with an? | What rhymes with a?",
        "What does four mean? | What does 4 mean?",
        "What's the difference between is and am? | What's the difference between are and am?",
        "When do I use an? | When do I use a?",
        "Should it be a or an? | Should it be an or a?",
        "Is which or what better? | Is what or which better?",
        "Correct the grammar: they is late | Correct the grammar: they are late",
        "Repeat after me: please | Repeat after me",
        "Reply with three. | Reply with 3.",
        "Capitalise what’s up | Capitalise what is up",
      })
  void of_a_question_about_words_the_text_counts_as_it_stands(String a, String b) {
    assertThat(agree(a, b)).isFalse();
    assertThat(agree(a, a + " ")).isTrue();
  }

  @Test
  void of_a_system_prompt_that_asks_for_texts_so_do_the_questions() {
    String plain = "You are a helpful assistant. Answer in at most 50 words.";
    assertThat(Slots.of("what's up", plain)).isEqualTo(Slots.of("What is up?", plain));

    for (String prompt : new String[] {"Translate it to French.", "Spell what the user says."}) {
      assertThat(Slots.of("what's up", prompt)).isNotEqualTo(Slots.of("What is up?", prompt));
      assertThat(Slots.of("three", prompt)).isNotEqualTo(Slots.of("3", prompt));
    }
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
      "'".repeat(50_000),
      "\"a ".repeat(20_000),
      "1,".repeat(50_000),
      "a-".repeat(50_000),
      "mean ".repeat(20_000),
      " use a".repeat(20_000)
    };
    long start = System.nanoTime();
    for (String text : long_) {
      Slots.of(text, text);
    }
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void nothing_of_the_text_is_held() {
    assertThat(Slots.of("Call Jane on 555 0199 about \"the secret\".", "").toString())
        .doesNotContainIgnoringCase("jane")
        .doesNotContain("555", "0199", "secret");
  }
}
