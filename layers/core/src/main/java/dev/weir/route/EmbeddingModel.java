package dev.weir.route;

import dev.weir.guard.GuardSet;
import dev.weir.ledger.Price;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * An embedding model of the catalog. Nothing stands in for it: vectors of two models cannot be
 * compared.
 *
 * @param id the name clients use
 * @param target Bedrock model id, inference profile id or ARN
 * @param createdSeconds epoch seconds, as {@code GET /v1/models} shows it
 * @param dimensions the lengths its vectors can have, its own first
 * @param maxCharacters longest text of one input
 * @param timeToLive how long a vector is kept; zero for not at all
 * @param guard what is looked for in its inputs, whoever the tenant is
 * @param similarThreshold the cosine above which questions may share an answer, where it has been
 *     measured (docs/similar-cache.md)
 */
public record EmbeddingModel(
    String id,
    String target,
    String ownedBy,
    long createdSeconds,
    EmbeddingFamily family,
    List<Integer> dimensions,
    int maxCharacters,
    Price price,
    Duration timeToLive,
    GuardSet guard,
    OptionalDouble similarThreshold) {}
