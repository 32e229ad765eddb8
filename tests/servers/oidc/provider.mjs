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
  claims: { openid: ["sub", "amr"], email: ["email", "email_verified"], profile: ["name"] },
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
  acrValues: ["urn:example:two-factors"],
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["only for tests"] },
});

// Whoever gives this in the place of a password has shown two factors; the pages for trying out know of no such thing.
provider.use(async (ctx, next) => {
  if (ctx.method === "POST" && ctx.path.startsWith("/interaction/")) {
    const pieces = [];
    for await (const piece of ctx.req) pieces.push(piece);
    ctx.req.body = Buffer.concat(pieces).toString();
    const form = new URLSearchParams(ctx.req.body);
    if (form.get("prompt") === "login" && form.get("password") === "two factors") {
      const login = { accountId: form.get("login"), acr: "urn:example:two-factors", amr: ["pwd", "otp", "mfa"] };
      await provider.interactionFinished(ctx.req, ctx.res, { login }, { mergeWithLastSubmission: false });
      return;
    }
  }
  await next();
});

provider.listen(given.port, "127.0.0.1");
