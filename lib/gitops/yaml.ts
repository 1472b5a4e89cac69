import { Composer, type Document, LineCounter, type ParsedNode, Parser, type YAMLParseError } from "yaml";

/** A YAML text's documents, and the line (from 1) of every place in it. */
export interface ParsedYaml {
  readonly documents: readonly Document.Parsed[];
  readonly lineOf: (node: ParsedNode) => number;
}

/** The first thing in a text that is no YAML, as a sentence with its line and column. */
export interface BrokenYaml {
  readonly broken: string;
}

/**
 * Parses YAML 1.2 (core schema: `yes`, `on`, dates and times are texts), and JSON with it.
 * @param most of more documents no more is parsed
 */
export function parseYaml(text: string, most: number): ParsedYaml | BrokenYaml {
  const lines = new LineCounter();
  // The library compares each key of a mapping with each other one, which a large file makes last for minutes:
  // lib/gitops/mapping.ts finds the same ones faster. And it would take up further tags of YAML 1.1.
  const composer = new Composer({
    schema: "core",
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: "silent",
    prettyErrors: false,
    lineCounter: lines,
  });
  const documents: Document.Parsed<ParsedNode>[] = [];
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)) {
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      return { broken: `Line ${line}, column ${col}: ${describe(error)}.` };
    }
    documents.push(document);
    if (documents.length > most) break;
  }
  return { documents, lineOf: (node) => lines.linePos(node.range[0]).line };
}

function describe(error: YAMLParseError): string {
  if (error.code === "RESOURCE_EXHAUSTION") return "It is nested too deeply";
  // What stands behind a colon is the text in question, which is no one else's business.
  return error.message.replace(/(?<=\S): .*$/s, "");
}
