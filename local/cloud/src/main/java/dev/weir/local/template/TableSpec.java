package dev.weir.local.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One DynamoDB table of the template.
 *
 * @param logicalId its id in the template
 * @param name its name
 * @param creation the body of a CreateTable call
 * @param ttlAttribute the attribute that holds an item's end
 */
public record TableSpec(
    String logicalId, String name, JsonNode creation, Optional<String> ttlAttribute) {}
