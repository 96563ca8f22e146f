package dev.weir.capacity;

/**
 * One model unit of Provisioned Throughput, as AWS offers it to the account (Amazon Bedrock User
 * Guide, <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html">
 * "Provisioned Throughput"</a>: a unit is so many input and so many output tokens a minute).
 *
 * @param inputTokensPerMinute 1 or more
 * @param outputTokensPerMinute 1 or more
 * @param microUsdPerHour 1 or more, for the commitment that would be chosen
 */
public record ModelUnit(
    long inputTokensPerMinute, long outputTokensPerMinute, long microUsdPerHour) {}
