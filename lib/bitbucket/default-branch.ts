import type { RepositoryAddress } from "./address.ts";
import { failure, unexpected } from "./answers.ts";
import { textField } from "./objects.ts";
import { objectPath } from "./path.ts";
import type { Rest } from "./rest.ts";
import { names } from "./whereabouts.ts";

/** What Bitbucket says where there is no default branch, or not yet. */
const none = /(^|\.)(NoDefaultBranch|NoSuchBranch|NoSuchObject)Exception$/;

/**
 * The full name of the default branch; undefined when it does not exist (yet). Versions before 7 know only the second
 * address, newer ones call it deprecated.
 * @throws RequestError
 */
export async function readDefaultBranch(
  repository: RepositoryAddress,
  rest: Rest,
): Promise<string | undefined> {
  const addresses = ["default-branch", "branches/default"];
  for (const address of addresses) {
    const operation = `GET ${address}`;
    const path = `${objectPath(repository)}/${address}`;
    const answer = await rest.send({ method: "GET", path, operation, accept: [404] });
    if (answer.status === 204 || names(answer, none)) return undefined;
    const id = textField(answer.json, "id");
    if (answer.status === 200) {
      if (id === undefined) throw unexpected(operation);
      return id;
    }
    if (address === addresses.at(-1)) throw failure(answer, operation);
  }
  return undefined;
}
