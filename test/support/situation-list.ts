/** Something that is wrong, by the names of what stands in a side's place, and what has to be said of it. */
export interface Situation {
  readonly name: string;
  readonly bitbucket?: string;
  readonly port?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A sentence for each side that something is wrong with. */
  readonly words: readonly RegExp[];
}

const password = { BITBUCKET_TOKEN: "", BITBUCKET_USERNAME: "admin", BITBUCKET_PASSWORD: "hush-hush" };
const host = /Tried: GET [a-z-]+ at https?:\S+ \(BITBUCKET_HOST; on AWS bitbucketHost\)$/;
const api = /Tried: POST \/auth\/access_token at https?:\S+ \(PORT_API_URL; on AWS portApiUrl\)$/;
const bitbucket = (words: RegExp) => new RegExp(`${words.source}.*${host.source}`);
const port = (words: RegExp) => new RegExp(`${words.source}.*${api.source}`);

export const situations: readonly Situation[] = [
  {
    name: "nothing listens where Bitbucket should be",
    bitbucket: "nobody",
    words: [
      bitbucket(/cannot be reached at BITBUCKET_HOST: nothing listens there \(ECONNREFUSED\).*firewall/),
    ],
  },
  {
    name: "a name that nobody knows",
    bitbucket: "no name",
    words: [bitbucket(/the name in BITBUCKET_HOST cannot be resolved \(ENOTFOUND\).*spelt right.*DNS/)],
  },
  {
    name: "a certificate of a private CA",
    bitbucket: "private CA",
    words: [bitbucket(/CA that Node\.js does not know.*NODE_EXTRA_CA_CERTS=.*--param caFile/)],
  },
  {
    name: "an expired certificate",
    bitbucket: "expired certificate",
    words: [bitbucket(/certificate is not valid any more \(CERT_HAS_EXPIRED\).*renewed/)],
  },
  {
    name: "a certificate for another name",
    bitbucket: "another's certificate",
    words: [
      bitbucket(
        /certificate is not valid for the address in BITBUCKET_HOST \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
      ),
    ],
  },
  {
    name: "https to a port that speaks http",
    bitbucket: "TLS to a plain port",
    words: [bitbucket(/no TLS connection.*does BITBUCKET_HOST say https where it is http\?/)],
  },
  {
    name: "http to a port that speaks https, and cuts it",
    bitbucket: "no TLS to a TLS port",
    words: [bitbucket(/the connection is cut .*does it say http where it is https/)],
  },
  {
    name: "http to a port that speaks https, and says so",
    bitbucket: "wants TLS",
    words: [bitbucket(/not as Bitbucket's API \(400\).*\? Or does it say http where it is https/)],
  },
  {
    name: "a firewall that lets nothing through",
    bitbucket: "no handshake",
    words: [bitbucket(/cannot be reached at BITBUCKET_HOST: no (connection|answer) comes.*firewall/)],
  },
  {
    name: "a server that takes calls and never answers",
    bitbucket: "silence",
    words: [bitbucket(/cannot be reached at BITBUCKET_HOST: no answer comes in time.*is it well/)],
  },
  {
    name: "a page in place of JSON",
    bitbucket: "page",
    words: [bitbucket(/not as Bitbucket's API \(200 with a page.*no JSON\).*log-in page/)],
  },
  {
    name: "a redirect to a log-in page",
    bitbucket: "redirect",
    words: [
      bitbucket(/not as Bitbucket's API \(302, a redirect to https:\/\/login\.example\.org\).*log-in page/),
    ],
  },
  {
    name: "JSON of something else",
    bitbucket: "something else",
    words: [bitbucket(/not as Bitbucket's API \(.* something else .*\).*context path/)],
  },
  {
    name: "a context path that is missing",
    bitbucket: "no context path",
    words: [bitbucket(/not as Bitbucket's API \(404, .*\): is the context path wrong or missing/)],
  },
  {
    name: "a token that Bitbucket does not accept",
    env: { BITBUCKET_TOKEN: "hush-hush" },
    words: [bitbucket(/does not accept the credentials \(401\): is BITBUCKET_TOKEN complete/)],
  },
  {
    name: "a proxy that does not accept the credentials",
    bitbucket: "proxy's refusal",
    words: [bitbucket(/does not accept the credentials \(403\).*not Bitbucket's own: does a proxy/)],
  },
  {
    name: "credentials without permission",
    bitbucket: "no permission",
    words: [
      bitbucket(/does not let these credentials do that \(401 AuthorisationException\).*read permission/),
    ],
  },
  {
    name: "a token that is answered as nobody",
    bitbucket: "nobody signed in",
    words: [
      /Bitbucket: it answers as to nobody: the login of BITBUCKET_TOKEN.*expired or been revoked\?.*BITBUCKET_HOST/,
    ],
  },
  {
    name: "a CAPTCHA",
    bitbucket: "CAPTCHA",
    env: password,
    words: [bitbucket(/CAPTCHA.*browser.*BITBUCKET_USERNAME.*BITBUCKET_PASSWORD/)],
  },
  {
    name: "nothing listens where Port should be",
    port: "nobody",
    words: [port(/Port cannot be reached at PORT_API_URL: nothing listens there \(ECONNREFUSED\)/)],
  },
  {
    name: "a name for Port that nobody knows",
    port: "no name",
    words: [port(/the name in PORT_API_URL cannot be resolved/)],
  },
  {
    name: "a certificate of a private CA in Port's place",
    port: "private CA",
    words: [port(/Port's TLS certificate is signed by a CA that Node\.js does not know/)],
  },
  {
    name: "credentials of Port's other region",
    env: { PORT_CLIENT_ID: "of the other region" },
    words: [
      port(
        /does not accept PORT_CLIENT_ID and PORT_CLIENT_SECRET at PORT_API_URL \(401\).*region.*api\.us\.getport/,
      ),
    ],
  },
  {
    name: "a page in Port's place",
    port: "page",
    words: [
      port(/what PORT_API_URL leads to answers, but not as Port's API \(200 with a page.*api\.getport\.io/),
    ],
  },
  {
    name: "an address of Port's that is not its API",
    port: "page not found",
    words: [port(/what PORT_API_URL leads to answers, but not as Port's API.*api\.getport\.io/)],
  },
  {
    name: "Port never answers",
    port: "silence",
    words: [port(/Port cannot be reached at PORT_API_URL: no answer comes in time/)],
  },
  {
    name: "both sides at once",
    bitbucket: "nobody",
    env: { PORT_CLIENT_SECRET: "hush-hush" },
    words: [bitbucket(/nothing listens there/), port(/does not accept PORT_CLIENT_ID/)],
  },
];
