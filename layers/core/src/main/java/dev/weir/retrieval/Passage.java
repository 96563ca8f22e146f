package dev.weir.retrieval;

/**
 * A piece of a document.
 *
 * @param document where it is from, such as an {@code s3://} address
 * @param score how well it fits, as the knowledge base sees it; most give 0 to 1
 */
public record Passage(String document, String text, double score) {}
