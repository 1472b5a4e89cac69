/** A search as Port takes it. @see https://docs.port.io/search-and-query */
export interface SearchQuery {
  readonly combinator: "and" | "or";
  readonly rules: readonly object[];
}

/** The entities with one of these identifiers. */
export function byIdentifier(identifiers: readonly string[]): SearchQuery {
  return { combinator: "and", rules: [{ property: "$identifier", operator: "in", value: identifiers }] };
}

/**
 * The entities that depend on any of the given ones. Port may follow several hops: look at the relation of what
 * comes back.
 */
export function dependingOn(blueprint: string, identifiers: readonly string[]): SearchQuery {
  const rule = { operator: "relatedTo", blueprint, value: identifiers, direction: "downstream" };
  return { combinator: "and", rules: [rule] };
}

/** The entities in which one of these properties, a text or a list of texts, has one of the values. */
export function naming(properties: readonly string[], values: readonly string[]): SearchQuery {
  return {
    combinator: "or",
    rules: properties.map((property) => ({ property, operator: "containsAny", value: values })),
  };
}

/** All entities of a blueprint. */
export const everything: SearchQuery = {
  combinator: "and",
  rules: [{ property: "$identifier", operator: "isNotEmpty" }],
};
