/** Options of Port's integrations that mean something else here, or nothing, by what they are set to. */
const meanings: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  createMissingRelatedEntities: (value) =>
    value === false ? "what a pull request or repository relates to is made here in any case" : undefined,
  deleteDependentEntities: (value) =>
    value === true
      ? "what other entities depend on is never deleted here, and the others stay as they are"
      : undefined,
  enableMergeEntity: (value) =>
    value === false ? "what the mapping does not set always stays as it is here" : undefined,
  entityDeletionThreshold: () =>
    "how much may be deleted at once is MAX_DELETE_PERCENT (maxDeletePercent) here",
  resources: () => undefined,
};

/** A sentence for each option of a mapping file that does not do here what its name says. None of them deletes or loses anything. */
export function optionNotes(file: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(file).flatMap(([name, value]) => {
    const known = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
    const sentence = known === undefined ? "is not known here, and does nothing" : known(value);
    return sentence === undefined ? [] : [`mapping: ${name}: ${sentence}`];
  });
}
