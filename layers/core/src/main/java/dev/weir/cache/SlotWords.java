package dev.weir.cache;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** English words whose exchange changes what a sentence asks, and those that change nothing. */
final class SlotWords {

  private static final String NUMBERS =
      """
      zero=0 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12
      thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20
      thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100 dozen=12
      thousand=1000 million=1000000 billion=1000000000 half=0.5 twice=2 thrice=3 first=1 third=3
      fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10
      """;

  private static final String UNITS =
      """
      metre=m meter=m m=m kilometre=km kilometer=km km=km centimetre=cm centimeter=cm cm=cm
      millimetre=mm millimeter=mm mm=mm mile=mi inch=in inches=in foot=ft feet=ft ft=ft yard=yd
      gram=g gramme=g g=g kilogram=kg kilo=kg kg=kg milligram=mg mg=mg tonne=t ton=t pound=lb lb=lb
      ounce=oz oz=oz litre=l liter=l millilitre=ml milliliter=ml ml=ml gallon=gal pint=pt
      second=s seconds=s sec=s minute=min hour=h day=d daily=d week=wk weekly=wk month=mo monthly=mo
      year=y yearly=y decade=dec century=cen celsius=C fahrenheit=F kelvin=K degree=deg
      percent=% percentage=% dollar=$ usd=$ euro=EUR eur=EUR sterling=GBP gbp=GBP yen=JPY cent=ct
      kb=kb mb=mb gb=gb tb=tb byte=byte bit=bit mph=mph kmh=kmh watt=W kilowatt=kW volt=V calorie=cal
      """;

  /** Of a pair with a plain side, such as long and short, only the other side: it marks itself. */
  private static final String POLAR =
      """
      enable disable activate deactivate off add remove delete increase decrease raise lower start stop
      open close accept reject refuse lock unlock show hide gain lose buy sell import export upload
      download allow deny forbid block less fewer least before after since until above below under
      between worst worse expensive minimum min lowest low small smallest smaller short shortest shorter
      slow slowest slower hardest harder young youngest younger last next previous today yesterday
      tomorrow tonight morning evening afternoon midnight noon weekday weekend summer winter spring
      autumn disadvantage con left right inside outside inbound outbound push pull deposit withdraw
      borrow lend arrive depart encrypt decrypt encode decode hot cold warm cool light male female father
      mother brother sister son daughter husband wife public private true false only
      """;

  private static final String NEGATIONS =
      "not no never none neither nor nothing nobody nowhere cannot without except unless hardly";

  /** Names that are often written small. */
  private static final String NAMES =
      """
      january february april june july august september october november december monday tuesday
      wednesday thursday friday saturday sunday english french german spanish italian portuguese dutch
      polish russian chinese japanese korean arabic hindi turkish greek latin swedish norwegian danish
      finnish czech hungarian ukrainian hebrew python java javascript typescript kotlin scala rust ruby
      perl php bash powershell sql swift haskell json yaml xml csv html css linux windows macos android
      ios postgres mysql sqlite docker kubernetes
      """;

  /** Words that make no difference, and those that only begin or soften a question. */
  private static final String EMPTY =
      """
      a an the this that these those is are was were be been being am do does did doing done have has
      had having can could should would will shall may might must i he she it we they her my your
      his its our their mine what which who whom whose when where why how there here
      and or but if then so of in on at to for from by with into onto about as than please tell explain
      describe give show list name write say find calculate compute convert translate summarise summarize
      set compare recommend also just some any one ones like want need know get let's lets ok hello hi
      way best ways thing things mean means meaning much out up
      """;

  /** Words with a negative prefix's letters but not its sense. */
  private static final String PLAIN_PREFIX =
      """
      important install installed installation under until unit units union unique universe university
      into inside index india information interview invent invented inventor increase improve image
      impact imagine include including income industry influence inflation ingredient ingredients
      insect insert instead instrument insurance interest interesting international internet introduce
      invest investment invite involve iron irish iraq iran discover discovered discuss discussion
      disease dish disk display distance district different difference differ indian indonesia infect
      infected initial injury inner input inspect inspire institute intend intense intent
      understand uniform unite united universal unlike
      """;

  static final Map<String, String> NUMBER = map(NUMBERS);
  static final Map<String, String> UNIT = map(UNITS);
  static final Set<String> POLAR_WORDS = set(POLAR);
  static final Set<String> NEGATION = set(NEGATIONS);
  static final Set<String> NAME = set(NAMES);
  static final Set<String> EMPTY_WORDS = set(EMPTY);
  static final Set<String> NO_PREFIX = set(PLAIN_PREFIX);

  private SlotWords() {}

  private static Set<String> set(String words) {
    return Arrays.stream(words.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
  }

  private static Map<String, String> map(String pairs) {
    Map<String, String> map = new HashMap<>();
    for (String pair : pairs.strip().split("\\s+")) {
      map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return Map.copyOf(map);
  }
}
