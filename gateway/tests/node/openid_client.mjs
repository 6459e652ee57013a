// Every flow of the gateway through `openid-client`, with all its checks on.
import * as client from 'openid-client'
import { given, privateKey, refused, same, step, visit } from './talk.mjs'

const issuer = new URL(given.issuer)

const pages = await step('discovery (OpenID Connect)', () =>
  client.discovery(issuer, given.pages, undefined, client.None()))
await step('discovery (RFC 8414)', () =>
  client.discovery(issuer, given.pages, undefined, client.None(), { algorithm: 'oauth2' }))
await step('discovery tells of PKCE', () => same(pages.serverMetadata().supportsPKCE(), true, 'PKCE by S256'))

async function signIn(more = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(pages, {
    redirect_uri: given.callback,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  })
  return [await visit(url), { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }]
}

const [arrived, checks] = await step('authorization: a person walks through the pages', signIn)
const tokens = await step('token: the code, PKCE, iss, nonce and id token', () =>
  client.authorizationCodeGrant(pages, arrived, { ...checks, idTokenExpected: true }))
await step('the id token names the person', () => same(tokens.claims().sub, given.worker, 'sub'))
await step('a resource is read', async () => {
  const answer = await client.fetchProtectedResource(pages, tokens.access_token, new URL(given.resource), 'GET')
  same((await answer.json()).id, given.worker, 'who I am')
})
await step('a code is used once', () =>
  refused('invalid_grant', () => client.authorizationCodeGrant(pages, arrived, checks)))
await step('and its second use ends what the first gave', () =>
  refused('invalid_grant', () => client.refreshTokenGrant(pages, tokens.refresh_token)))

const [again, proof] = await step('authorization: once more', signIn)
const first = await step('token: once more', () => client.authorizationCodeGrant(pages, again, proof))
const second = await step('refresh', () => client.refreshTokenGrant(pages, first.refresh_token))
await step('refresh rotates', () => same(second.refresh_token !== first.refresh_token, true, 'another one'))
const third = await step('refresh the rotated one', () => client.refreshTokenGrant(pages, second.refresh_token))
await step('a used refresh token is refused', () =>
  refused('invalid_grant', () => client.refreshTokenGrant(pages, second.refresh_token)))
await step('and ends its family', () =>
  refused('invalid_grant', () => client.refreshTokenGrant(pages, third.refresh_token)))

await step('authorization without PKCE is refused', async () => {
  const [back, sent] = await signIn({ code_challenge: '', code_challenge_method: '' })
  await refused('invalid_request', () => client.authorizationCodeGrant(pages, back, sent))
})
await step('PKCE by plain is refused', async () => {
  const [back, sent] = await signIn({ code_challenge_method: 'plain' })
  await refused('invalid_request', () => client.authorizationCodeGrant(pages, back, sent))
})

const [last, held] = await step('authorization: a third time', signIn)
const signedIn = await step('token: a third time', () => client.authorizationCodeGrant(pages, last, held))
await step('signing out: revocation', () => client.tokenRevocation(pages, signedIn.refresh_token))
await step('nothing is left of the session', () =>
  refused('invalid_grant', () => client.refreshTokenGrant(pages, signedIn.refresh_token)))

for (const key of given.keys) {
  const method = client.PrivateKeyJwt(await privateKey(key))
  const system = await step(`system (${key.algorithm}): discovery`, () =>
    client.discovery(issuer, given.key_client, undefined, method))
  const token = await step(`system (${key.algorithm}): client credentials by private_key_jwt`, () =>
    client.clientCredentialsGrant(system, { scope: given.scope }))
  const told = await step(`system (${key.algorithm}): introspection`, () =>
    client.tokenIntrospection(system, token.access_token))
  await step(`system (${key.algorithm}): what introspection tells`, () =>
    same([told.active, told.client_id, told.scope], [true, given.key_client, given.scope], 'token'))
  await step(`system (${key.algorithm}): revocation`, () => client.tokenRevocation(system, token.access_token))
  const gone = await step(`system (${key.algorithm}): introspection after it`, () =>
    client.tokenIntrospection(system, token.access_token))
  await step(`system (${key.algorithm}): a revoked token is inactive`, () => same(gone, { active: false }, 'token'))
}

const published = await client.discovery(
  issuer, given.published.client, undefined, client.PrivateKeyJwt(await privateKey(given.published)))
await step('system (keys at its own address): client credentials', () => client.clientCredentialsGrant(published))
const next = await client.discovery(
  issuer, given.secret_client, undefined, client.ClientSecretBasic(given.next_secret))
const byNext = await step('system (rotated secret): the new one', () => client.clientCredentialsGrant(next))
await step('system (rotated secret): its introspection', async () =>
  same((await client.tokenIntrospection(next, byNext.access_token)).active, true, 'active'))
const secret = await step('system (secret, beside the new one): discovery', () =>
  client.discovery(issuer, given.secret_client, undefined, client.ClientSecretBasic(given.secret)))
const bySecret = await step('system (secret): client credentials by client_secret_basic', () =>
  client.clientCredentialsGrant(secret))
await step('system (secret): introspection', async () =>
  same((await client.tokenIntrospection(secret, bySecret.access_token)).active, true, 'active'))
await step('system (secret): a scope that was not granted', () =>
  refused('invalid_scope', () => client.clientCredentialsGrant(secret, { scope: 'webhooks:manage' })))
const wrong = await client.discovery(issuer, given.secret_client, undefined, client.ClientSecretBasic('wrong'))
await step('system (secret): a wrong secret', () =>
  refused('invalid_client', () => client.clientCredentialsGrant(wrong)))
await step('whole', () => undefined)
process.exit(0)
