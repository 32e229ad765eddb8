// An OpenID provider for tests: whoever gives a name is who that is. Its settings come as JSON in PROVIDER.
import Provider from "oidc-provider";

const given = JSON.parse(process.env.PROVIDER);

const provider = new Provider(given.issuer, {
  clients: [
    {
      client_id: given.client_id,
      client_secret: given.client_secret,
      redirect_uris: [given.redirect_uri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id}@university.example`,
      email_verified: true,
      name: id.toUpperCase(),
    }),
  }),
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["only for tests"] },
});

provider.listen(given.port, "127.0.0.1");
