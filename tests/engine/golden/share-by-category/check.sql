select category, sum(amount) / (select sum(amount) from sales), sum(amount) from sales left join product using (product_id) group by 1
