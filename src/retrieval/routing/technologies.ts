/**
 * Languages, tools, libraries, formats and protocols that people ask about anywhere, lower case. One that a project has not in its
 * paths is a sign that a message is not about the project.
 */
export const technologies: ReadonlySet<string> = new Set(
  `
  .net android angular ansible apache arduino argon2 asp.net asyncio awk aws axios azure babel base64 bash bcrypt
  beautifulsoup bootstrap brotli bun c# c++ cargo cassandra celery chatgpt clojure cmake cobol compose conda consul cpp
  cron crontab csharp css csv cuda curl cypress dart datadog debian deno django dns docker dockerfile dotnet dramatiq
  dynamodb ecto elasticsearch electron elixir emacs erlang eslint etcd excel express f# fastapi fish flask flutter
  fortran ftp gcp genserver gevent git github gitlab go godot golang goroutine goroutines gpt gradle grafana graphql
  grep grpc gtk gzip haproxy haskell helm heroku hibernate hikaricp html http http/2 http/3 https imap ios java
  javascript jenkins jest jq jquery json julia junit jwt k8s kafka keras kerberos kinesis koa kotlin kubernetes lambda
  laravel latex launchd less letsencrypt linux lisp lodash log4j lua mac macos make mariadb markdown matlab maven
  memcached mocha mongo mongodb mqtt mysql nano nats nestjs nginx node node.js nodejs npm numpy oauth objective-c ocaml
  opencl openssl oracle pandas pascal paypal perl phoenix php pino pip playwright pnpm postgres postgresql powershell
  prettier prisma prometheus protobuf pulsar puppeteer pygame pytest python pytorch qt quic rabbitmq rails raspberry
  react redis redux regex requests rest rollup ruby rust rxjs s3 saml sass scala scipy scrapy screen scss sed selenium
  sentry sequelize shell sidekiq sklearn smtp soap socket.io solr spring sql sqlalchemy sqlite sse ssh ssl stripe
  svelte svn swift swiftui symfony systemd tailwind tcp tensorflow terraform tls tmux tokio toml traefik twisted
  typeorm typescript ubuntu udp unicode unity unix unreal utf-8 vault vim vite vscode vue wasm webassembly webpack
  websocket websockets wget windows winston word xml yaml yarn zeromq zod zookeeper zsh zstd
`
    .trim()
    .split(/\s+/),
);
