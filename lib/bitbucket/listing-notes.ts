// What an operator should know of listings that do not show everything, in the same words wherever it is found out.

/** The users may not be listed: 401 or 403, normal for project and repository tokens. */
export const usersNotListed =
  "these credentials may not list users (project and repository tokens may not; a licensed user's token may): users come " +
  "from pull requests and commits alone, and leavers are not swept";

/** There are personal projects, and nobody asked for them. */
export const personalNotListed =
  "there are personal projects (~name), which Bitbucket does not list, so that they are left out: have all of them by " +
  "PERSONAL_PROJECTS=true (on AWS: personalProjects), or name those that you want, with the others, in " +
  "BITBUCKET_PROJECTS_FILTER (projectsFilter)";
