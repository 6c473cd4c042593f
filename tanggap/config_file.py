"""The config.yaml that `tanggap init` writes: web and counter live, the other channels as comments."""

CONFIG = """\
# Pengaturan mesin ini. Periksa dengan: tanggap check
# Rahasia ditulis sebagai ${NAMA}; nilainya ada di berkas .env di samping berkas ini, atau di lingkungan proses.
# Unit, petugas, kategori, dan templat tidak diatur di sini, melainkan di konsol.

desk:
  name: UC3 Universitas Contoh
  timezone: Asia/Jakarta              # Asia/Makassar untuk WITA, Asia/Jayapura untuk WIT
  language: id                        # id atau en
  public_url: "http://127.0.0.1:8080" # alamat yang dilihat pelapor, misalnya "https://care.example.ac.id"
  secret: "${TANGGAP_SECRET}"         # menandatangani tautan dan alamat balasan; jangan diganti setelah dipakai

server:
  host: 127.0.0.1                     # 0.0.0.0 bila menerima sambungan dari luar mesin ini
  port: 8080
  trusted_proxies: []                 # jaringan reverse proxy, misalnya [127.0.0.1/32]
  logs: auto                          # people untuk dibaca orang, json untuk mesin; auto: people di terminal
  # metrics_token: "${METRICS_TOKEN}" # membuka /metrics dari luar mesin ini

store:                                # folder dihitung dari tempat berkas ini
  url: "sqlite:///data/tanggap.db"    # atau "postgresql://pengguna:${PG_PASSWORD}@host/tanggap"
  files: data/files                   # lampiran

channels:                             # saluran yang tidak disebut berarti tidak aktif
  web: {}                             # formulir publik di /lapor
  counter: {}                         # telepon dan loket, dicatat oleh petugas

  # telegram:                         # buat bot di @BotFather
  #   token: "${TELEGRAM_TOKEN}"
  #   mode: polling                   # atau webhook, yang memerlukan public_url https dan secret:
  #   # secret: "${TELEGRAM_SECRET}"  # karakter acak, misalnya dari: openssl rand -hex 32
  #   api: "https://api.telegram.org"
  #   paid_broadcast: false           # true: pengumuman sampai 1000 per detik, dibayar pemilik bot dengan Stars

  # whatsapp:                         # akun dan nomor pengirim di Twilio
  #   account_sid: "${TWILIO_ACCOUNT_SID}"
  #   auth_token: "${TWILIO_AUTH_TOKEN}"
  #   from: "whatsapp:+6281200000000"
  #   api: "https://api.twilio.com"
  #   content_api: "https://content.twilio.com"
  #   templates: {}                   # templat yang disetujui, misalnya {late_answer: HX0123456789abcdef0123456789abcdef}

  # mail:
  #   address: care@example.ac.id
  #   inbox: "imaps://care:${MAIL_PASSWORD}@imap.example.ac.id/INBOX"     # atau maildir:FOLDER
  #   outbox: "smtps://care:${MAIL_PASSWORD}@smtp.example.ac.id"
  #   authserv_id: mx.example.ac.id   # nama server surel Anda di kepala Authentication-Results

# bots:                               # bot untuk petugas, masing-masing dengan token sendiri
#   staff: {token: "${STAFF_TOKEN}", mode: polling}
#   humas: {token: "${HUMAS_TOKEN}", mode: polling}

# identity:
#   directory: "csv:people.csv"       # atau "ldaps://ldap.example.ac.id"
#   oidc:                             # petugas masuk lewat SSO; pip install "tanggap[sso]"
#     issuer: "https://sso.example.ac.id"
#     client_id: meja-layanan
#     client_secret: "${OIDC_SECRET}"
#     mail_domain: example.ac.id      # boleh dikosongkan: hanya penyelia yang menghubungkan

# backup:                             # cadangan setiap malam, selagi meja melayani
#   folder: /var/backups/tanggap      # sebaiknya di disk lain
#   at: "02.00"                       # jam meja ini
#   keep: 14                          # yang terbaru sekian disimpan
#   recipient: ""                     # kunci age1..., bila cadangan hendak disandikan

# watch:                              # kapan operator diberi tahu, di chat para sysadmin
#   mail: operator@example.ac.id      # juga lewat surel
#   outbox_minutes: 15                # pesan keluar menunggu selama ini
#   disk_percent: 10                  # ruang disk tinggal sekian
#   backup_hours: 36                  # cadangan utuh terakhir lebih tua dari ini
"""

ENV = """\
# Rahasia meja layanan ini. Jangan dibagikan; simpan cadangannya di tempat aman.
TANGGAP_SECRET={secret}
"""
