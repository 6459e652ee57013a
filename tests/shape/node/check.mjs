// What others make of our documents and messages; prints JSON. Usage: node check.mjs asyncapi|openapi|webhooks FILE
import { readFileSync } from "node:fs";
import parsing from "@asyncapi/parser";
import spectralCore from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import { Webhook } from "standardwebhooks";

const [what, file] = process.argv.slice(2);
const text = readFileSync(file, "utf8");

function shown(found) {
  return found.map((each) => `${each.code} at ${each.path.join("/")}: ${each.message} (severity ${each.severity})`);
}

async function asyncapi() {
  const { document, diagnostics } = await new parsing.Parser().parse(text);
  return {
    version: document?.version(),
    messages: document?.allMessages().length,
    found: shown(diagnostics.filter((each) => each.severity < 2)),
  };
}

async function openapi() {
  const linter = new spectralCore.Spectral();
  linter.setRuleset({ extends: [[rulesets.oas, "recommended"]] });
  return { found: shown(await linter.run(text)) };
}

function webhooks() {
  return JSON.parse(text).map(({ secret, headers, body }) => {
    try {
      return { verified: new Webhook(secret).verify(body, headers) };
    } catch (error) {
      return { refused: error.message };
    }
  });
}

console.log(JSON.stringify(await { asyncapi, openapi, webhooks }[what]()));
