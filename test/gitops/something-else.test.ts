import { describe, expect, it } from "vitest";
import { entityText, readText } from "../support/definitions.ts";

const none = "Not a file of entities: nothing in it has an identifier or a blueprint.";

describe("a file is ignored, and not a fault, when it is", () => {
  it.each<[string, string, string]>([
    [
      "an Argo CD application",
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: {}",
      `${none} Line 1 has the keys "apiVersion", "kind", "metadata", "spec".`,
    ],
    [
      "a playbook",
      "---\n- hosts: all\n  become: yes\n  tasks: []\n",
      `${none} Line 2 has the keys "hosts", "become", "tasks".`,
    ],
    [
      "a mapping",
      "resources:\n- kind: repository\n  port: {entity: {mappings: {identifier: .slug, blueprint: '\"x\"'}}}",
      `${none} Line 1 has the keys "resources".`,
    ],
    [
      "a JSON schema",
      '{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"identifier":{}}}',
      `${none} Line 1 has the keys "$schema", "properties".`,
    ],
    [
      "a stack of CloudFormation",
      "Resources: {Topic: {Type: x, Name: !Ref y}}",
      `${none} Line 1 has the keys "Resources".`,
    ],
    ["several manifests", "kind: A\n---\nkind: B\n", `${none} Line 1 has the keys "kind".`],
    ["a list of more than 1,000 others", "- x: 1\n".repeat(1001), `${none} Line 1 has the keys "x".`],
    ["an empty mapping", "{}", `${none} Line 1 has no keys.`],
    ["a text", "hello", `${none} Line 1 has no keys.`],
    ["a list of texts", "- a\n- 5\n", `${none} Line 1 has no keys.`],
    [
      "blueprints",
      '[{"identifier":"service","title":"Service","schema":{"properties":{}}}]',
      "Not a file of entities: it describes blueprints, with identifier and schema.",
    ],
    [
      "a template, unquoted",
      entityText("{{ cookiecutter.slug }}"),
      "Not a file of entities but a template: line 1 has {{ }} in identifier or blueprint.",
    ],
    [
      "a template, quoted",
      entityText('"{{ name }}-api"'),
      "Not a file of entities but a template: line 1 has {{ }} in identifier or blueprint.",
    ],
    [
      "a template that is no YAML",
      entityText("{{ name }}-api"),
      'Not a file of entities but a template: "identifier: {{".',
    ],
    [
      "a list of templates that is no YAML",
      "- identifier: x\n- blueprint: svc-{{ a }}: b",
      'Not a file of entities but a template: "- blueprint: svc-{{".',
    ],
    [
      "a template of Jinja",
      `{% if api %}\n${entityText("a")}{% endif %}\n`,
      'Not a file of entities but a template: "{%".',
    ],
    [
      "a template of Helm",
      `{{- if .Values.x }}\n${entityText("a")}{{- end }}\n`,
      'Not a file of entities but a template: "{{".',
    ],
  ])("%s", (_, text, problem) => {
    expect(readText(text)).toEqual({
      path: "port.yml",
      status: "IGNORED",
      definitions: [],
      problems: [problem],
    });
  });
});

describe("a file is a fault, and not ignored, when", () => {
  it.each([
    ["its keys have typos", "identifer: a\nbluprint: b\nproperties: {}"],
    ["its keys are capitals", "IDENTIFIER: a\nBlueprint: b"],
    ["one of many has an identifier", "- {x: 1}\n- {y: 1}\n- {identifier: a}"],
    ["only one entity is a template", `${entityText("a")}---\n${entityText("{{ b }}")}`],
    ["it has a tag", `!service\n${entityText("a")}`],
    [
      "it is broken and has {{ in a text",
      `${entityText("a", "properties: {x: [}", "title: |", "  {{ b }}")}`,
    ],
    ["it is broken and no one can tell", "TODO: write: this"],
    ["an entity has a schema", entityText("a", "identifier: b", "schema: {}")],
  ])("%s", (_, text) => {
    expect(readText(text).status).toBe("FAULT");
  });
});
