/**
 * Languages, tools, libraries, formats and protocols that people ask about anywhere, lower case. One that a project has not in its
 * paths is a sign that a message is not about the project.
 */
export const technologies: ReadonlySet<string> = new Set(
  `
  .net ado ajax akka android angular angularjs ansible antlr anyhow apache apk appimage appium applescript apt
  apt-get arduino argon2 asan asp asp.net assembly asyncio avro awk aws axios azure babel base64 bash bazel bcrypt
  beautifulsoup bigquery bigtable bison bitbucket blazor bluetooth bootstrap brew brotli bsd bun c# c++ caddy calico
  cargo cassandra cdk celery centos chai chatgpt chrome chromium cics circleci clang clickhouse clojure cloudflare
  cloudfront cmake cobol cocoa cocoapods codeigniter coffeescript compose conda consul corba cordova couchbase
  couchdb cpp cpython cron crontab csharp css csv cucumber cuda curl cygwin cypress d3 dapper dart datadog db2 dbt
  debezium debian deno directx django dns docker dockerfile doctrine dotnet dramatiq drizzle drupal duckdb dynamodb
  ebpf ecs ecto ef eks elasticsearch electron elixir emacs epoll erlang esbuild eslint esp32 espresso etcd etl excel
  express f# fastapi fastify fedora ffmpeg figma firebase firefox fish flake8 flask flatpak flink flutter flyway
  fortran freebsd freertos ftp gcc gcp gdb gdi gemini genserver gentoo gevent gis git github gitlab glibc gnome
  gnuplot go godot golang gorm goroutine goroutines gpt gpu gradle grafana graphql graphviz grep groovy grpc gson
  gtk guice gulp gunicorn gzip hadoop haproxy haskell hazelcast hbase hbs helm heroku hibernate hikaricp html htmx
  http http/2 http/3 httpd https hugo icmp idris imagemagick imap intellij ios ipfs iptables ipv4 ipv6 isam istio
  jaeger jakarta jasmine java java8 javascript jax jcl jdbc jdk jekyll jenkins jenv jest jetbrains jetty jira jms
  jni joomla jpa jpeg jq jquery jre jsf json json5 jsonp jsp julia junit jvm jwks jwt k8s kafka kde keras kerberos
  kibana kinesis knex koa kotlin kotlinx ktor kubectl kubelet kubernetes kvm lambda langchain laravel latex launchd
  ldap less letsencrypt leveldb libc libuv linux liquibase lisp llvm lodash log4j lua lvm mac macos macports
  mainframe make mapreduce mariadb markdown matlab maui maven memcached mercurial meson micronaut minikube minio
  minitest mips mobx mocha mockito mojolicious mongo mongodb monit moq moshi mpi mqtt msbuild mssql musl mvvm
  mybatis mypy mysql nano nasm nats neo4j neovim nestjs netbeans netty newrelic next.js nextjs nginx nim ninja nix
  node node.js nodejs nodemon nosql npm npx ntfs nuget numba numpy nunit nuxt oauth oauth2 objc objective-c ocaml
  odbc odoo okta ollama onnx openapi opencl opencv opengl openid openmp opensearch openshift openssl openstack
  opentelemetry openvpn oracle osx outlook p2p pandas parquet pascal paypal pcre peewee perl pgbouncer phoenix php
  phpunit pino pip pipenv playwright plotly plsql pm2 pnpm podman polars popos postcss postfix postgres postgresql
  postman powerbi powershell preact presto prettier prisma proguard prolog prometheus protobuf protractor psql
  pulsar pulumi puma puppet puppeteer purescript pygame pylint pyqt pyside pyspark pytest python pytorch qemu qml qt
  quarkus quasar quic qwik rabbitmq racket rails rake raku ramda raspberry rayon react reactjs redhat redis redshift
  redux regex requests requirejs rest rhel riscv rocksdb rollbar rollup rspec rsync rtos rtsp ruby ruff rust rxjava
  rxjs s3 saml sass sbt scala scipy scp scrapy screen scss sdl sed selenium selinux semver sentry sequelize servlet
  sftp sharepoint shell sidekiq sinatra sinon sklearn smalltalk smtp snowflake soap socket.io solaris solidity solr
  sonarqube spacy splunk spring spring-boot springboot sql sqlalchemy sqlite sqlserver ssd sse ssh ssis ssl stata
  storybook strapi stripe struts subversion supabase suse svelte svn swagger swift swiftui symfony sysctl systemctl
  systemd systemverilog t-sql tailwind tcl tcp tcpdump telnet tensorflow terraform testng three.js threejs
  thunderbird tls tmux tokio tomcat toml torch tornado traefik trello trino trpc tsql twisted typeorm typescript
  ubuntu udp uml unicode unicorn unittest unity unix unreal utf-8 uv uvicorn uwsgi vagrant valgrind valkey vault vb
  vb.net vba verilog vhdl vim virtualenv vite vitess vitest vlc vmware vsam vscode vue vuejs vuetify vuex vulkan
  wasm wayland webassembly webgl webgpu weblogic webpack webrtc websocket websockets websphere webview wget windows
  winforms winston wireguard wireshark word wordpress wpf wsgi wsl x11 x86 xamarin xcode xgboost xhtml xml xpath xsl
  xslt xunit yacc yaml yarn yii yum z/os zabbix zeromq zig zipkin zlib zod zookeeper zsh zstd
`
    .trim()
    .split(/\s+/),
);
