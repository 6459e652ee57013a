// How a client here and the test that started it speak: JSON, one message a line, in both directions.
import { createInterface } from 'node:readline'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

async function heard() {
  const { value, done } = await lines.next()
  if (done) throw new Error('the test has gone')
  return JSON.parse(value)
}

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n')

/** What the test registered: issuer, clients, their keys. */
export const given = await heard()

/** Have a person walk through the pages; answers the address that their browser ends at. */
export async function visit(url) {
  say({ visit: url.href })
  return new URL((await heard()).arrived)
}

/** Do one step of a flow and tell how it went; what it answers goes to the next. */
export async function step(name, run) {
  try {
    const result = await run()
    say({ step: name, passed: true })
    return result
  } catch (error) {
    const cause = error.cause && typeof error.cause === 'object' ? JSON.stringify(error.cause) : ''
    say({ step: name, passed: false, why: `${error.name} ${error.code ?? ''}: ${error.message} ${cause}` })
    process.exit(0)
  }
}

/** Expect a refusal with this OAuth error. */
export async function refused(error, run) {
  let answer
  try {
    answer = await run()
  } catch (thrown) {
    const code = thrown.error ?? thrown.cause?.error ?? thrown.cause?.[0]?.parameters?.error
    if (code === error) return
    throw thrown
  }
  throw new Error(`expected ${error}, but it was answered: ${JSON.stringify(answer)}`)
}

export function same(seen, wanted, what) {
  if (JSON.stringify(seen) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`)
  }
}

/** A client's private key, as both libraries take it. */
export async function privateKey({ jwk, algorithm }) {
  const kinds = {
    ES256: { name: 'ECDSA', namedCurve: 'P-256' },
    PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
    Ed25519: { name: 'Ed25519' },
  }
  const { alg, key_ops, use, ...members } = jwk
  return { key: await crypto.subtle.importKey('jwk', members, kinds[algorithm], false, ['sign']), kid: jwk.kid }
}
