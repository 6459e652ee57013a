// Every flow of the gateway through `oauth4webapi`, which checks each answer by the letter of its specification.
import * as oauth from 'oauth4webapi'
import { given, privateKey, refused, same, step, visit } from './talk.mjs'

const issuer = new URL(given.issuer)
const discover = async (algorithm) =>
  oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm }))
const server = await step('discovery (OpenID Connect)', () => discover('oidc'))
await step('discovery (RFC 8414) says the same', async () => same(await discover('oauth2'), server, 'metadata'))

const pages = { client_id: given.pages }
const none = oauth.None()

async function signIn() {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const url = new URL(server.authorization_endpoint)
  url.search = new URLSearchParams({
    client_id: given.pages,
    redirect_uri: given.callback,
    response_type: 'code',
    scope: 'openid',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  const back = await visit(url)
  return { parameters: oauth.validateAuthResponse(server, pages, back, state), verifier, nonce }
}

const exchange = ({ parameters, verifier }) =>
  oauth.authorizationCodeGrantRequest(server, pages, none, parameters, given.callback, verifier)

const redeem = async (code) =>
  oauth.processAuthorizationCodeResponse(server, pages, await exchange(code), {
    expectedNonce: code.nonce,
    requireIdToken: true,
  })
const refresh = async (token) =>
  oauth.processRefreshTokenResponse(server, pages, await oauth.refreshTokenGrantRequest(server, pages, none, token))

const code = await step('authorization: state and iss of the answer', signIn)
const answer = await step('token: the code, PKCE', () => exchange(code))
const tokens = await step('token: nonce and id token', () =>
  oauth.processAuthorizationCodeResponse(server, pages, answer, { expectedNonce: code.nonce, requireIdToken: true }))
await step("the id token's signature, by the published keys", () =>
  oauth.validateApplicationLevelSignature(server, answer))
await step('the id token names the person', () =>
  same(oauth.getValidatedIdTokenClaims(tokens).sub, given.worker, 'sub'))
await step('the access token is a JWT as RFC 9068 has it', async () => {
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  const claims = await oauth.validateJwtAccessToken(server, new Request(given.resource, { headers }), given.audience)
  same(claims.client_id, given.pages, 'client')
})
await step('an id token is no access token', async () => {
  const answered = await fetch(given.resource, { headers: { authorization: `Bearer ${tokens.id_token}` } })
  same(answered.status, 401, 'status')
})
const refreshed = await step('refresh', () => refresh(tokens.refresh_token))
await step('a used refresh token is refused', () => refused('invalid_grant', () => refresh(tokens.refresh_token)))
await step('and ends its family', () => refused('invalid_grant', () => refresh(refreshed.refresh_token)))
await step('a forged verifier is refused', async () => {
  const stolen = await signIn()
  const verifier = oauth.generateRandomCodeVerifier()
  await refused('invalid_grant', () => redeem({ ...stolen, verifier }))
})
await step('signing out: revocation', async () => {
  const mine = await redeem(await signIn())
  const request = await oauth.revocationRequest(server, pages, none, mine.refresh_token)
  await oauth.processRevocationResponse(request)
  await refused('invalid_grant', () => refresh(mine.refresh_token))
})
await step('a token that nobody knows is revoked without a word', async () => {
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, pages, none, 'unknown'))
})

const credentials = async (system, proof, parameters = {}) =>
  oauth.processClientCredentialsResponse(
    server, system, await oauth.clientCredentialsGrantRequest(server, system, proof, new URLSearchParams(parameters)))
const introspect = async (system, proof, token) =>
  oauth.processIntrospectionResponse(
    server, system, await oauth.introspectionRequest(server, system, proof, token))

const byKey = { client_id: given.key_client }
for (const key of given.keys) {
  const proof = oauth.PrivateKeyJwt(await privateKey(key))
  const token = await step(`system (${key.algorithm}): client credentials by private_key_jwt`, () =>
    credentials(byKey, proof, { scope: given.scope }))
  await step(`system (${key.algorithm}): introspection`, async () => {
    const told = await introspect(byKey, proof, token.access_token)
    same([told.active, told.client_id, told.iss], [true, given.key_client, given.issuer], 'token')
  })
}
const published = { client_id: given.published.client }
await step('system (keys at its own address): client credentials', async () =>
  credentials(published, oauth.PrivateKeyJwt(await privateKey(given.published))))
await step('system (rotated secret): the new one beside the old', () =>
  credentials({ client_id: given.secret_client }, oauth.ClientSecretBasic(given.next_secret)))
const bySecret = { client_id: given.secret_client }
const secret = oauth.ClientSecretBasic(given.secret)
const held = await step('system (secret): client credentials by client_secret_basic', () =>
  credentials(bySecret, secret))
await step("system (secret): another's token is not described", async () => {
  const other = await credentials(byKey, oauth.PrivateKeyJwt(await privateKey(given.keys[0])))
  same(await introspect(bySecret, secret, other.access_token), { active: false }, 'token')
})
await step('system (secret): revocation', async () => {
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, bySecret, secret, held.access_token))
  same(await introspect(bySecret, secret, held.access_token), { active: false }, 'token')
})
await step('system (secret): a secret in the form is refused', () =>
  refused('invalid_client', () => credentials(bySecret, oauth.ClientSecretPost(given.secret))))
await step('system (secret): a wrong secret', () =>
  refused('invalid_client', () => credentials(bySecret, oauth.ClientSecretBasic('wrong'))))
await step('whole', () => undefined)
process.exit(0)
