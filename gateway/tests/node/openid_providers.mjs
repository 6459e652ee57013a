// OpenID providers that others wrote, as an organisation's directory: who signs in is said by a header of the test's.
import { generateKeyPair } from 'node:crypto'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

import Provider from 'oidc-provider'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const given = JSON.parse((await lines.next()).value)

async function key(kid) {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
}

async function start({ port, clients, people }) {
  let told = null
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, {
    clients: clients.map((client) => ({ ...client, backchannel_logout_uri: 'https://hub.example.org/told' })),
    // What is told to the Hub is kept for the test to bring there: nothing here reaches further than this machine.
    async fetch(_, { body }) {
      told = new URLSearchParams(String(body)).get('logout_token')
      return new Response(null, { status: 200 })
    },
    jwks: { keys: [await key(`key-${port}`)] },
    cookies: { keys: ['of-this-run-alone'] },
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'roles', 'groups', 'realm_access', 'amr'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...people[id], sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(ctx) {
      const grant = new provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  })
  provider.use(async (ctx, next) => {
    if (ctx.path === '/told') {
      ctx.body = told
      return
    }
    if (ctx.path.startsWith('/interaction/')) {
      const id = ctx.get('x-person')
      const login = { accountId: id, remember: true, amr: people[id]?.amr }
      const result = id ? { login } : { error: 'access_denied' }
      await provider.interactionFinished(ctx.req, ctx.res, result)
      ctx.respond = false
      return
    }
    await next()
  })
  await new Promise((listening) => provider.listen(port, '127.0.0.1', listening))
}

await Promise.all(given.providers.map(start))
process.stdout.write('{"ready":true}\n')
await lines.next()
process.exit(0)
