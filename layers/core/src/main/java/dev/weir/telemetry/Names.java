package dev.weir.telemetry;

/**
 * Names of fields and metrics. {@code gen_ai.*} are OpenTelemetry's <a
 * href="https://github.com/open-telemetry/semantic-conventions-genai">GenAI semantic
 * conventions</a>; everything of our own is under {@code weir.}.
 */
public final class Names {

  public static final String OPERATION = "gen_ai.operation.name";
  public static final String PROVIDER = "gen_ai.provider.name";
  public static final String STREAM = "gen_ai.request.stream";
  public static final String REQUEST_MODEL = "gen_ai.request.model";
  public static final String RESPONSE_MODEL = "gen_ai.response.model";
  public static final String FINISH_REASON = "gen_ai.response.finish_reasons";
  public static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
  public static final String CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens";
  public static final String CACHE_WRITE_TOKENS = "gen_ai.usage.cache_creation.input_tokens";
  public static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  public static final String REQUEST_DURATION = "gen_ai.server.request.duration";
  public static final String TIME_TO_FIRST_TOKEN = "gen_ai.server.time_to_first_token";

  /** 1 per request, whatever its outcome. */
  public static final String REQUESTS = "weir.requests";

  /** 1 per request refused before any spend. */
  public static final String REFUSED = "weir.refused";

  /** Why it was: the limit that was met, or the error's code. */
  public static final String REASON = "weir.reason";

  /** 1 per request answered from the cache. */
  public static final String CACHE_HITS = "weir.cache.hits";

  /** 1 per request answered by the answer to a similar question. */
  public static final String SIMILAR_HITS = "weir.similar.hits";

  /** 1 per request whose model did not answer, or whose answer broke. */
  public static final String FAULTS = "weir.faults";

  /** 1 per request that ended in an error of our own. */
  public static final String ERRORS = "weir.errors";

  /** 1 per request refused because the limits could not be read or written. */
  public static final String LIMITER_UNAVAILABLE = "weir.limiter.unavailable";

  /** 1 per call that used more than it had reserved. */
  public static final String UNDER_RESERVED = "weir.under_reservation";

  /** 1 per settlement, ledger row or cache entry that could not be written. */
  public static final String LOST_WRITES = "weir.lost_writes";

  /** 1 per attempt to read the switches that failed. */
  public static final String SWITCHES_UNREADABLE = "weir.switches.unreadable";

  /** Seconds since the switches were read, once a minute in every environment that runs. */
  public static final String SWITCH_AGE = "weir.switch.age";

  /** 1 per mark of a budget that a tenant has reached: 50, 80 and 100 % of a day's or month's. */
  public static final String BUDGET_REACHED = "weir.budget.reached";

  /** Which mark of a budget. */
  public static final String BUDGET_PERCENT = "weir.budget.percent";

  /** 1 per call that a switch refused or ended. */
  public static final String SWITCHED_OFF = "weir.switched_off";

  /** Attempts that a target turned away because too much was asked of it. */
  public static final String THROTTLED = "weir.throttled";

  /** Attempts that repeated one at the same target. */
  public static final String RETRIES = "weir.retries";

  /**
   * 1 per request answered by less than was asked for; also by step, {@code weir.degraded.<step>}.
   */
  public static final String DEGRADED = "weir.degraded";

  /** 1 per breaker that opens, and per target passed over because its breaker is open. */
  public static final String BREAKER_OPEN = "weir.breaker.open";

  /** 1 per request or answer that a guard stopped. */
  public static final String GUARD_BLOCKED = "weir.guard.blocked";

  /** 1 per request in which a guard masked something. */
  public static final String GUARD_MASKED = "weir.guard.masked";

  /** 1 per text that passed unjudged, because a guard failed and its policy is open. */
  public static final String GUARD_BYPASSED = "weir.guard.bypassed";

  /** 1 per audit entry that could not be written at once, and per one found that is not ours. */
  public static final String AUDIT_FAILURES = "weir.audit.failures";

  /** 1 per payload of a tenant with capture that could not be kept. */
  public static final String CAPTURE_FAILURES = "weir.capture.failures";

  /** 1 per call whose knowledge base was asked. */
  public static final String RETRIEVALS = "weir.retrievals";

  /** 1 per call answered without the knowledge base it should be grounded in. */
  public static final String RETRIEVALS_SKIPPED = "weir.retrievals.skipped";

  /** 1 per session begun: a conversation, or a kept response without one before it. */
  public static final String SESSIONS_CREATED = "weir.sessions.created";

  /** 1 per turn of a session that went on. */
  public static final String SESSIONS_CONTINUED = "weir.sessions.continued";

  /** 1 per response or conversation deleted. */
  public static final String SESSIONS_DELETED = "weir.sessions.deleted";

  /** 1 per request for a response or conversation whose time is over. */
  public static final String SESSIONS_EXPIRED = "weir.sessions.expired";

  /** 1 per turn that was not added because its conversation had gone on. */
  public static final String SESSION_CONFLICTS = "weir.sessions.conflicts";

  /** 1 per turn before which older ones were forgotten or summarised. */
  public static final String SESSIONS_TRIMMED = "weir.sessions.trimmed";

  /** Sessions of which older turns were put into a summary. */
  public static final String SESSIONS_SUMMARISED = "weir.sessions.summarised";

  /** What the provider's prompt cache saved, in micro-USD; below 0 where it cost more. */
  public static final String CACHE_SAVED = "weir.prompt_cache.saved.microusd";

  /** 1 per request that a cascade's small model answered. */
  public static final String CASCADE_SMALL = "weir.cascade.small";

  /** 1 per request that a cascade's large model was asked. */
  public static final String CASCADE_ESCALATED = "weir.cascade.escalated";

  /** What a cascade saved, estimated, in micro-USD; below 0 where it cost more. */
  public static final String CASCADE_SAVED = "weir.cascade.saved.microusd";

  /** A target, by the id it is asked by. */
  public static final String TARGET = "weir.target";

  /** Which quota of a target: {@code requests} or {@code tokens} a minute. */
  public static final String QUOTA = "weir.quota";

  /** The share of a minute's quota that an attempt took, in percent. */
  public static final String QUOTA_PERCENT = "weir.quota.percent";

  /**
   * A SageMaker endpoint, by the name of CloudWatch's own dimension. Metrics of a line that names
   * one are counted by it alone.
   */
  public static final String ENDPOINT = "EndpointName";

  /** The largest population stability index of a column in a window. */
  public static final String DRIFT_PSI = "weir.drift.psi";

  /** Columns of a window that have drifted. */
  public static final String DRIFT_COLUMNS = "weir.drift.columns";

  /** 1 per window with which enough of the last ones have drifted, 0 per other one compared. */
  public static final String DRIFT_PERSISTENT = "weir.drift.persistent";

  /** 1 per window that could not be compared, but for one with too few rows. */
  public static final String DRIFT_INCIDENTS = "weir.drift.incidents";

  /** Cost in micro-USD. */
  public static final String COST = "weir.cost.microusd";

  private Names() {}
}
